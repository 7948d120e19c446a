/**
 * The built archive, as an application server reads it.
 *
 * <p>{@link org.genaiconnector.tests.rar.RarContentsIT} checks the contents of the archive, {@link
 * org.genaiconnector.tests.rar.RaXmlIT} compares its descriptor with the beans it describes, and {@link
 * org.genaiconnector.tests.rar.ArchiveValidationIT} runs WildFly's validator. {@link org.genaiconnector.tests.rar.Rar} opens the archive for them.
 */
package org.genaiconnector.tests.rar;
