/**
 * Tests of the application as its users have it: started by its launchers as processes of their own, driven over HTTP and
 * in a browser. What must hold on every server stands in the {@code ...Checks}; {@link
 * org.genaiconnector.storyboard.tests.MicroIT} and {@link org.genaiconnector.storyboard.tests.ServerIT} run them all with
 * one start each.
 */
package org.genaiconnector.storyboard.tests;
