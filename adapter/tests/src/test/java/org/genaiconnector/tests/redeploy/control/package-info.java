/** The application that uses the do-nothing adapter. */
package org.genaiconnector.tests.redeploy.control;
