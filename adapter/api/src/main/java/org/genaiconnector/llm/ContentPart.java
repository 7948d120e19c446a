package org.genaiconnector.llm;

import java.io.Serializable;

/**
 * A part of a message. The user's messages have texts, images and files; the model's have texts, tool calls, reasoning
 * and opaque parts; the tools' have tool results.
 */
public sealed interface ContentPart extends Serializable
        permits TextPart, ImagePart, FilePart, ReasoningPart, OpaquePart, ToolCall, ToolResult {}
