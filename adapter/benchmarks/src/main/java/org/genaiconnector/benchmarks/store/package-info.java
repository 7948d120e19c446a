/**
 * What a job store costs. {@link org.genaiconnector.benchmarks.store.StoreThroughput} queues, dispatches and delivers jobs on
 * H2 and PostgreSQL, with few and with many rows, and inserts the same rows without the adapter for comparison.
 */
package org.genaiconnector.benchmarks.store;
