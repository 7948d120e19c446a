/**
 * Connections to an LLM service, in words that belong to no provider.
 *
 * <p>The same {@link org.genaiconnector.llm.ChatRequest} goes to OpenAI, to Anthropic and to any local server that speaks
 * OpenAI's protocol; which one is the administrator's choice. What a request leaves open (model, limits, temperature) the
 * factory's configuration fills in, and what that leaves open is the provider's default.
 */
package org.genaiconnector.llm;
