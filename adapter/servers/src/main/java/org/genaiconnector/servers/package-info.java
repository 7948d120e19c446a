/**
 * What tests, benchmarks and launchers share to run the adapter on an application server: {@link
 * org.genaiconnector.servers.MicroServer Payara Micro}, {@link org.genaiconnector.servers.GlassFishServer GlassFish and Payara
 * Server}, {@link org.genaiconnector.servers.WildFlyServer WildFly} and {@link org.genaiconnector.servers.LibertyServer Open
 * Liberty}, each as a process of its own that listens on the loopback address only; and a resource adapter that does nothing,
 * as the measure for what the application server itself costs. The distributions come from Maven, unpacked by the module that
 * needs them. Nothing here is published.
 */
package org.genaiconnector.servers;
