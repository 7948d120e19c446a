/**
 * What tests and benchmarks share to run the adapter on an application server: a Payara Micro in a process of its own, and a
 * resource adapter that does nothing, as the measure for what the application server itself costs. Nothing here is published.
 */
package org.genaiconnector.servers;
