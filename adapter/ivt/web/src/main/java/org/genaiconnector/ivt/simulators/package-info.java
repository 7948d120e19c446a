/**
 * The built-in simulators. Their class loader is their own, so that their Jetty, Jackson and SLF4J do not meet those of the
 * application server; {@link org.genaiconnector.ivt.simulators.Backends} is the only class that both sides share.
 */
package org.genaiconnector.ivt.simulators;
