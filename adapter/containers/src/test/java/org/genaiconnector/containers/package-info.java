/**
 * The built RAR in containers that run inside the JVM of a test. {@link org.genaiconnector.containers.TomEe} is the engine of TomEE
 * with the RAR and an application, whose beans are in {@code org.genaiconnector.containers.beans}.
 */
package org.genaiconnector.containers;
