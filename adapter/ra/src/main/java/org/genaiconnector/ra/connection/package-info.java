/**
 * The connector mechanics that every backend shares.
 *
 * <p>An administrator configures a {@link org.genaiconnector.ra.connection.BackendConnectionFactory}. It makes a
 * {@link org.genaiconnector.ra.connection.Backend} of its configuration, opens
 * {@link org.genaiconnector.ra.connection.BackendConnection managed connections}, matches them to requests and tells the application
 * server which of them have become useless. A managed connection keeps the contract with the application server; calls are made by
 * its physical connection. An application has a thin {@link org.genaiconnector.ra.connection.Handle}, which checks that it is still
 * open and calls the backend's operations. Application servers differ in what they call, on which thread and how often; everything
 * here is idempotent, holds no lock while it calls back, and can be destroyed at any moment. A backend adds its operations, its
 * handle and its configuration, in a package of its own that no other package knows.
 */
package org.genaiconnector.ra.connection;
