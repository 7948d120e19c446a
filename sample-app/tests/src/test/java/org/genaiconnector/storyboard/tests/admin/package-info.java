/**
 * Tasks of an administrator: the scripts of {@code server-config} on Payara Server and Payara Micro, the administration console in
 * a browser, and mistakes. The tests of Payara Server share {@link org.genaiconnector.storyboard.tests.admin.AdminServer}, on
 * which Storyboard and a second application use the same pools.
 */
package org.genaiconnector.storyboard.tests.admin;
