/**
 * How soon a message-driven bean hears of the end of a ComfyUI job.
 *
 * <p>{@link org.genaiconnector.benchmarks.jobs.JobLatency} sends jobs to a simulated server in the same process, whose clock
 * it can compare with its own, once with the server's WebSocket and once without it. The container around the adapter is a
 * stand-in of two small classes: a Work Manager, and a factory of endpoints for one bean without transactions.
 */
package org.genaiconnector.benchmarks.jobs;
