/** The application whose jobs are in the store. */
package org.genaiconnector.tests.store.app;
