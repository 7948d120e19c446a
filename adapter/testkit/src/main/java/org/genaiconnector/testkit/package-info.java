/**
 * Simulators for tests and demonstrations, and the switches that make them misbehave.
 *
 * <p>A {@link org.genaiconnector.testkit.Simulator} is a real HTTP server on a loopback port that speaks a provider's
 * protocol. The same fault layer is in front of every simulator: {@link org.genaiconnector.testkit.Faults} decides which request
 * meets which {@link org.genaiconnector.testkit.Fault}, and {@link org.genaiconnector.testkit.Traffic} records what arrived on
 * which connection. Faults act on the socket itself, so a client under test sees what a real network does: a TCP reset, half
 * an answer, a wrong length, an idle connection that is closed without notice.
 *
 * <p>{@link org.genaiconnector.testkit.SimulatorExtension} gives simulators to JUnit tests,
 * {@link org.genaiconnector.testkit.Main} runs them from the command line.
 */
package org.genaiconnector.testkit;
