/**
 * The adapter in WildFly's connection pool, IronJacamar, which needs no application server: every test has a pool and a backend of its
 * own, makes the backend fail, and checks sockets and requests from the backend's side.
 *
 * <p>The tests hold what a pool must get right under load and failure, one behaviour each. {@link
 * org.genaiconnector.tests.pool.WildFlyPool} is the pool, {@link org.genaiconnector.tests.pool.PooledLlm} an LLM service with a
 * pool in front of it, {@link org.genaiconnector.tests.RepeatedCalls} threads that use it.
 */
package org.genaiconnector.tests.pool;
