package org.genaiconnector.llm;

/** A piece of a message. */
public sealed interface ContentPart permits TextPart {}
