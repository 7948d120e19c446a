/** A job store in the embedded database of a Payara Micro, which is killed and started again. */
package org.genaiconnector.tests.store;
