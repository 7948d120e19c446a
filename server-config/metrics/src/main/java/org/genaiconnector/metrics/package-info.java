/**
 * The adapter's figures for Prometheus: an application without pages that finds the adapter's MXBeans, now and whenever a
 * pool comes or goes, and registers their attributes as MicroProfile gauges. It knows the adapter by JMX names only, so it
 * works on any MicroProfile server and with any number of adapters.
 *
 * <p>Payara's own way, a {@code metrics.xml} in the domain's configuration, does not do: with that file in place Payara takes
 * every archive for one with metrics and refuses to deploy a resource adapter.
 */
package org.genaiconnector.metrics;
