/**
 * Connections to an LLM service, independent of its provider.
 *
 * <p>The same {@link org.genaiconnector.llm.ChatRequest} goes to OpenAI, to Anthropic and to any local service that
 * speaks OpenAI's protocol; the administrator chooses which. For everything that a request does not set (model, limits,
 * temperature) the factory's configuration applies, and then the provider's default.
 */
package org.genaiconnector.llm;
