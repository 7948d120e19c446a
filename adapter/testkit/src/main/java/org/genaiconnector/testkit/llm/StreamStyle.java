package org.genaiconnector.testkit.llm;

/**
 * The layout of a service's stream of chat chunks.
 *
 * @param role the chunks that have the role
 * @param usage where token counts go
 * @param wholeToolCalls a tool call comes in one chunk instead of fragments
 * @param closes the connection ends with the stream
 */
record StreamStyle(Role role, Usage usage, boolean wholeToolCalls, boolean closes) {
    static final StreamStyle OPENAI = new StreamStyle(Role.FIRST, Usage.OWN_CHUNK, false, false);

    /** The chunks that have the role. */
    enum Role {
        /** One at the beginning, without text. */
        FIRST,
        ALWAYS,
        NEVER
    }

    /** Where token counts go. */
    enum Usage {
        /** If asked for, in an extra chunk without choices; null in all others. */
        OWN_CHUNK,
        /** On the chunk with the finish reason, asked for or not. */
        LAST_CHUNK
    }
}
