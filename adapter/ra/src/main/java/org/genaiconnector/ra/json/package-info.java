/**
 * JSON as backends write it and as requests are made of it.
 *
 * <p>Jakarta JSON Processing does the work, by the provider of the application server. This package adds what it lacks: {@link
 * org.genaiconnector.ra.json.LenientJson} reads what Python writes, {@link org.genaiconnector.ra.json.JsonValues} takes values
 * whose type may be another one than documented, and {@link org.genaiconnector.ra.json.JsonScanner} reads streams without
 * making a tree of every event. It knows no backend.
 */
package org.genaiconnector.ra.json;
