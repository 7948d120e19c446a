/**
 * The adapter in a Payara Micro, deployed as a user would deploy it.
 *
 * <p>Arquillian starts a Payara Micro for each test class, and {@link org.genaiconnector.tests.payara.MicroObserver} does the rest:
 * it starts {@link org.genaiconnector.tests.payara.Backends} before, in the JVM of the tests; {@link
 * org.genaiconnector.tests.payara.ServerFiles} has the boot commands that deploy the RAR and create pools; and after
 * the end {@link org.genaiconnector.tests.payara.ServerLog} checks the log. Tests run inside the application server ({@link
 * org.genaiconnector.tests.payara.InjectionIT}), or outside if they make backends misbehave meanwhile; then {@link
 * org.genaiconnector.tests.payara.TestApplicationClient} calls the small application in package {@code testapp}.
 */
package org.genaiconnector.tests.payara;
