/**
 * The connector mechanics that every backend shares.
 *
 * <p>A {@link org.genaiconnector.ra.connection.BackendConnectionFactory} is configured by an administrator, makes
 * {@link org.genaiconnector.ra.connection.BackendConnection managed connections}, matches them to requests and tells the
 * container which have become useless. An application holds a thin {@link org.genaiconnector.ra.connection.Handle}, which
 * checks that it is still open and calls the backend's operations. Containers differ in what they call, on which thread
 * and how often; everything here is idempotent, holds no lock while it calls back, and survives being destroyed at any
 * moment. A handle whose connection the container only took back for a while asks for another one when it is used again,
 * if the container offers that ({@link org.genaiconnector.ra.connection.LazyAssociation}). A backend adds its operations, its handle and its configuration, in a package of its own.
 */
package org.genaiconnector.ra.connection;
