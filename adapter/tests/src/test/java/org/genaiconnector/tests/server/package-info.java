/**
 * The adapter in the pools of Payara Server and Payara Micro, administered by commands: they create, change, ping and flush pools
 * and resources, and a small application borrows and calls.
 *
 * <p>Interfaces named checks hold the promises for both: each check has a pool and a backend of its own. {@link
 * org.genaiconnector.tests.server.PayaraServerIT} and {@link org.genaiconnector.tests.server.PayaraMicroIT} start one application
 * server each for all checks, and add those of one product only. {@link org.genaiconnector.servers.Asadmin} runs
 * administration commands, {@link org.genaiconnector.tests.server.Pool} is a pool that they create.
 */
package org.genaiconnector.tests.server;
