/**
 * A simulator of LLM services, reached by the OpenAI or the Anthropic protocol on one port.
 *
 * <p>A request comes in at {@link org.genaiconnector.testkit.llm.LlmHandler}, which leads it through the gates of its
 * {@link org.genaiconnector.testkit.llm.Protocol}. A protocol class
 * ({@link org.genaiconnector.testkit.llm.OpenAiChat}, {@link org.genaiconnector.testkit.llm.AnthropicApi}) reads it into a
 * neutral {@link org.genaiconnector.testkit.llm.Prompt}; the {@link org.genaiconnector.testkit.llm.TextModel}, or the
 * {@link org.genaiconnector.testkit.llm.Script} of a test, makes a {@link org.genaiconnector.testkit.llm.Completion} of
 * it; the protocol class writes that down, whole or as a stream. Where servers that speak OpenAI's protocol differ from
 * OpenAI, a {@link org.genaiconnector.testkit.llm.OpenAiFlavour} says how; that of llama.cpp is held against recordings
 * of the real server.
 */
package org.genaiconnector.testkit.llm;
