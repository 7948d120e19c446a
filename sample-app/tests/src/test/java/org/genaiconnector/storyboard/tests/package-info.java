/**
 * Tests of the application as users start it: its launchers run as processes of their own, and the tests use HTTP and
 * a browser. Interfaces named {@code ...Checks} hold for every application server; {@link
 * org.genaiconnector.storyboard.tests.MicroIT} and {@link org.genaiconnector.storyboard.tests.ServerIT} run all of them with
 * one start each.
 */
package org.genaiconnector.storyboard.tests;
