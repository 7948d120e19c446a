/**
 * The adapter in WildFly's connection pool, IronJacamar, which needs no server: every test has a pool and a backend of its
 * own, fails the backend on purpose, and looks at sockets and requests from the backend's side.
 *
 * <p>What a pool must get right under load and failure is promised here, one behaviour a test. {@link
 * org.genaiconnector.tests.pool.WildFlyPool} is the pool, {@link org.genaiconnector.tests.pool.PooledLlm} an LLM service with a
 * pool in front of it, {@link org.genaiconnector.tests.Crowd} a number of threads that use it.
 */
package org.genaiconnector.tests.pool;
