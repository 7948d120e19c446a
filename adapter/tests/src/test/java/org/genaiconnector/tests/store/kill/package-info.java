/** An application server that is killed while its jobs are in a job store. What is left is counted. */
package org.genaiconnector.tests.store.kill;
