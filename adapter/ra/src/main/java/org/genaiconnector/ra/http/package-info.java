/**
 * One physical HTTP connection, its calls and their failures.
 *
 * <p>An {@link org.genaiconnector.ra.http.HttpBackend} is one backend as one factory is configured. It owns the exchange, which
 * is costly to make and holds no socket: an {@link org.genaiconnector.ra.http.Exchange} sends one request and reads the head of
 * its answer. {@link org.genaiconnector.ra.http.JerseyExchange}, the only class that knows JAX-RS, is used where the application
 * server has a Jersey, {@link org.genaiconnector.ra.http.DirectExchange} elsewhere. An {@link org.genaiconnector.ra.http.HttpConnection} owns one socket,
 * a {@link org.genaiconnector.ra.http.DeadlineSocket}. HttpClient asks
 * {@link org.genaiconnector.ra.http.ConnectionRouter} for a socket and gets that of the connection which makes the call, so the
 * pool of the application server really bounds the sockets. Calls go through the one
 * {@link org.genaiconnector.ra.http.RetryLoop}; {@link org.genaiconnector.ra.http.TransportFailures} gives every transport
 * failure its category, and {@link org.genaiconnector.ra.http.FailureTrait} says what a category means. This package
 * does not know connectors, ComfyUI or models.
 */
package org.genaiconnector.ra.http;
