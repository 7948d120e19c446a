package org.genaiconnector.llm;

/** Who speaks in a conversation. */
public enum Role {
    /** Instructions that come before the conversation. */
    SYSTEM,
    /** The person or program that asks. */
    USER,
    /** The model. */
    ASSISTANT,
    /** The tools that the model called. */
    TOOL
}
