/**
 * One physical HTTP connection and everything that can go wrong on it.
 *
 * <p>An {@link org.genaiconnector.ra.http.HttpBackend} stands for one server as one factory is configured: it owns the
 * Jersey client, which is dear to make and holds no socket. An {@link org.genaiconnector.ra.http.HttpConnection} owns one
 * socket. Jersey asks {@link org.genaiconnector.ra.http.ConnectionRouter} for a socket and gets that of the connection
 * which makes the call, so the pool of the application server really bounds the sockets. Calls go through the one
 * {@link org.genaiconnector.ra.http.RetryPolicy}; {@link org.genaiconnector.ra.http.TransportFailures} gives every
 * transport failure its category. Nothing here knows of connectors, ComfyUI or models.
 */
package org.genaiconnector.ra.http;
