/**
 * The adapter's figures for Prometheus: an application without pages that finds the adapter's MXBeans, now and whenever a
 * pool is added or removed, and registers their attributes as MicroProfile gauges. The descriptors of the attributes say which
 * metrics they are, so this application knows no figure by name, needs no class of the adapter and works with any number of
 * adapters on any MicroProfile server.
 *
 * <p>Payara's own way, a {@code metrics.xml} in the domain's configuration, does not work: with that file in place Payara
 * takes every archive for one with metrics and refuses to deploy a resource adapter.
 */
package org.genaiconnector.metrics;
