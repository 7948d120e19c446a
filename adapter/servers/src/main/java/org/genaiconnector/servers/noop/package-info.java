/**
 * A resource adapter that does nothing: what the connector contract demands of an adapter and not one instruction more.
 * Borrowing from it costs what the application server itself costs, so it is the measure for adapters that do something.
 */
package org.genaiconnector.servers.noop;
