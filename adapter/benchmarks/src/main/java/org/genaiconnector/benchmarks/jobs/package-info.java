/**
 * How soon a message-driven bean receives the end of a ComfyUI job.
 *
 * <p>{@link org.genaiconnector.benchmarks.jobs.JobLatency} sends jobs to a simulated server in the same process, whose clock
 * it can compare with its own, once with the simulator's WebSocket and once without it. Two small classes replace the
 * container around the adapter: a Work Manager, and a factory of endpoints for one bean without transactions.
 */
package org.genaiconnector.benchmarks.jobs;
