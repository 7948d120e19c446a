package org.genaiconnector.testkit.llm;

/**
 * A call of a tool that the model asks for.
 *
 * @param id what the result will refer to
 * @param arguments a JSON object as text
 */
public record ToolCall(String id, String name, String arguments) {}
