package org.genaiconnector.llm;

import java.io.Serializable;

/**
 * A part of a message. The user's messages have texts, images and files; the model's have texts, tool calls, reasoning
 * and opaque parts; the tools' have tool results. In all but the model's there may be cache points.
 */
public sealed interface ContentPart extends Serializable
        permits TextPart, ImagePart, FilePart, CachePoint, ReasoningPart, OpaquePart, ToolCall, ToolResult {}
