/**
 * The adapter in a full Payara Server, administered as an administrator does it: the RAR is deployed, pools and resources are
 * made, changed, pinged and flushed by commands, and a small application borrows and calls.
 *
 * <p>{@link org.genaiconnector.tests.server.PayaraServerIT} starts one server for all checks, each of which has a pool and a
 * backend of its own. {@link org.genaiconnector.tests.server.PayaraServer} is the process, {@link
 * org.genaiconnector.tests.server.Asadmin} its administration, {@link org.genaiconnector.tests.server.Pool} what it makes.
 */
package org.genaiconnector.tests.server;
