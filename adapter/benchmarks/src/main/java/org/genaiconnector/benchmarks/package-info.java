/**
 * What the adapter costs, measured in four ways.
 *
 * <p>{@link org.genaiconnector.benchmarks.InContainer} deploys the adapter and one that does nothing side by side on a
 * Payara Micro and compares what a borrow costs there. The JMH classes look at the parts that are the adapter's own, and
 * {@link org.genaiconnector.benchmarks.Footprint} and {@link org.genaiconnector.benchmarks.ChatCost} at memory and
 * processor time, and {@link org.genaiconnector.benchmarks.jobs.JobLatency} at how soon a bean receives the end of a
 * job. {@link org.genaiconnector.benchmarks.Benchmarks} runs them all and prints one table. The server that answers is
 * a {@link org.genaiconnector.benchmarks.CannedServer} in yet another process, so that its memory and time are not
 * counted.
 */
package org.genaiconnector.benchmarks;
