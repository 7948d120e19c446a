/**
 * Contract tests: what the connector specification, its TCK's assertions ({@code SPEC:n}) and the application servers in use
 * demand of the connection side, one class for each area. They run against simulators on real sockets and need no application
 * server; {@link org.genaiconnector.ra.connection.TestPool} does what Payara's pool does, in the same order.
 */
package org.genaiconnector.ra.connection;
