/**
 * The LLM backend.
 *
 * <p>One {@link org.genaiconnector.ra.llm.Dialect} per wire protocol, each in one class that reads like the provider's
 * documentation; {@link org.genaiconnector.ra.llm.LlmOperations} is what a connection does with it.
 */
package org.genaiconnector.ra.llm;
