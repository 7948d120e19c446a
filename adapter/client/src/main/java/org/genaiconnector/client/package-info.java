/**
 * Helpers that an application packages, while the API comes from the deployed adapter. A {@link
 * org.genaiconnector.client.ToolLoop} runs the tools that a model calls, a {@link
 * org.genaiconnector.client.RecordSchema} makes a record of an answer, and {@link org.genaiconnector.client.Unchecked}
 * makes failures roll transactions back.
 *
 * <p>They use public methods of the API only, so an application may have another version of them, or its own.
 */
package org.genaiconnector.client;
