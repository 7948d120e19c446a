/** A real database for tests of what the adapter or an application stores. */
package org.genaiconnector.testkit.database;
