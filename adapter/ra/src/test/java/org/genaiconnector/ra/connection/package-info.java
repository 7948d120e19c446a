/**
 * Contract tests: what the connector specification, its TCK's assertions ({@code SPEC:n}) and the containers in use demand
 * of the connection side, one class per area. They run against simulators on real sockets and need no container; where one
 * is needed, {@link org.genaiconnector.ra.connection.TestPool} does what Payara's pool does, in the same order.
 */
package org.genaiconnector.ra.connection;
