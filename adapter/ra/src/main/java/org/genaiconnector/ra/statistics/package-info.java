/**
 * Figures of the connection factories, exact under concurrency, readable by the client API and by JMX.
 *
 * <p>A {@link org.genaiconnector.ra.statistics.StatisticsRecorder} counts what happens in one factory; the figures that a reset
 * clears are one {@link org.genaiconnector.ra.statistics.Counters} that is replaced as a whole. Each figure is one row of the
 * table in {@link org.genaiconnector.ra.statistics.FactoryFigures}: the MXBeans, their total, {@code /metrics} and the
 * documentation are made from it. On Payara Micro the application server's own pool statistics stay zero, so these are the
 * only ones.
 */
package org.genaiconnector.ra.statistics;
