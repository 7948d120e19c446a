/** The application that is killed: it orders jobs and takes their ends, and writes a row for each into the database. */
package org.genaiconnector.tests.store.kill.app;
