/** The application that measures inside the application server; deployed by {@code InContainer}. */
package org.genaiconnector.benchmarks.server;
