/**
 * The adapter in the pools of Payara Server and Payara Micro, administered as an administrator does it: pools and resources are
 * made, changed, pinged and flushed by commands, and a small application borrows and calls.
 *
 * <p>Interfaces named checks hold what is promised on both: each check has a pool and a backend of its own. {@link
 * org.genaiconnector.tests.server.PayaraServerIT} and {@link org.genaiconnector.tests.server.PayaraMicroIT} start one server
 * each for all of them, and check what only the one or the other has. {@link org.genaiconnector.tests.server.Asadmin} is the
 * servers' administration, {@link org.genaiconnector.tests.server.Pool} what it makes.
 */
package org.genaiconnector.tests.server;
