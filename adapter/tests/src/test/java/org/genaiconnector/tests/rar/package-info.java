/**
 * What is true of the built archive, as a server will read it.
 *
 * <p>{@link org.genaiconnector.tests.rar.RarContentsIT} looks at what the archive carries, {@link
 * org.genaiconnector.tests.rar.RaXmlIT} compares its descriptor with the beans it describes, and {@link
 * org.genaiconnector.tests.rar.ArchiveValidationIT} lets WildFly's validator judge it, which refuses to deploy what it finds
 * faulty. {@link org.genaiconnector.tests.rar.Rar} opens the archive for them.
 */
package org.genaiconnector.tests.rar;
