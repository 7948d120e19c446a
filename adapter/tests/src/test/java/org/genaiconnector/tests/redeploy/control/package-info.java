/** The application that uses the adapter that does nothing. */
package org.genaiconnector.tests.redeploy.control;
