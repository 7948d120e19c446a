/**
 * What an administrator does: the scripts of {@code server-config} on both servers, the administration console in a browser,
 * and mistakes. The tests of Payara Server share one, {@link org.genaiconnector.storyboard.tests.admin.AdminServer}, on which
 * Storyboard and a second application use the same pools.
 */
package org.genaiconnector.storyboard.tests.admin;
