/**
 * The adapter in a Payara Micro, deployed as a user would deploy it.
 *
 * <p>Arquillian starts a server for each test class, and {@link org.genaiconnector.tests.payara.MicroObserver} does what goes
 * with it: {@link org.genaiconnector.tests.payara.Backends} are started before, in the JVM of the tests;
 * {@link org.genaiconnector.tests.payara.ServerFiles} tells the server by boot commands to deploy the RAR and to make pools
 * for them; and when it has stopped, {@link org.genaiconnector.tests.payara.ServerLog} judges what it has logged. Tests run
 * inside the server ({@link org.genaiconnector.tests.payara.InjectionIT}), or outside if they have to make backends misbehave
 * meanwhile; then {@link org.genaiconnector.tests.payara.BenchClient} has the small application in package {@code bench}
 * borrow and call.
 */
package org.genaiconnector.tests.payara;
