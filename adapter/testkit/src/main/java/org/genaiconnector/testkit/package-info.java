/**
 * Simulators for tests and demonstrations, and the switches that make them misbehave.
 *
 * <p>A {@link org.genaiconnector.testkit.Simulator} is a real HTTP server on a loopback port that speaks a provider's
 * protocol. In front of it sits one fault layer, the same for every simulator: {@link org.genaiconnector.testkit.Faults}
 * says which request meets which {@link org.genaiconnector.testkit.Fault}, {@link org.genaiconnector.testkit.Traffic}
 * remembers what came in on which connection. Faults act on the socket itself, so a client under test sees what it would
 * see in the wild: a TCP reset, half an answer, a length that lies, an idle connection that dies without a word.
 *
 * <p>{@link org.genaiconnector.testkit.SimulatorExtension} hands simulators to JUnit tests,
 * {@link org.genaiconnector.testkit.Main} runs them from the command line.
 */
package org.genaiconnector.testkit;
