package org.genaiconnector.llm;

/**
 * A piece of a message. Texts, images and files stand in what the user says; texts, tool calls, reasoning and opaque pieces
 * in what the model says; tool results in what the tools say.
 */
public sealed interface ContentPart
        permits TextPart, ImagePart, FilePart, ReasoningPart, OpaquePart, ToolCall, ToolResult {}
