/**
 * Figures of the connection factories, exact under concurrency, readable by the client API and by JMX.
 *
 * <p>A {@link org.genaiconnector.ra.statistics.StatisticsRecorder} is told what happens; the figures that a reset clears are
 * one {@link org.genaiconnector.ra.statistics.Counters} that is replaced as a whole. On a Payara Micro the server's own
 * pool statistics stay zero, so these are all there is.
 */
package org.genaiconnector.ra.statistics;
