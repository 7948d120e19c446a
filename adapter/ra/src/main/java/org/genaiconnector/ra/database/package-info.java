/**
 * A database that the administrator provides, with the adapter's tables in it: transactions of one's own and those of the calling
 * thread, what differs between databases, the version of the tables, and what failures mean.
 *
 * <p>{@link org.genaiconnector.ra.database.Database} runs {@link org.genaiconnector.ra.database.Session}s; the packages of the
 * backends say in SQL what is done in them. {@link org.genaiconnector.ra.database.Dialect} is all that differs between databases. All times
 * are those of the database's clock; no clock of an application server is stored or compared.
 */
package org.genaiconnector.ra.database;
