package org.genaiconnector.llm;

/** Why a model stopped. */
public enum FinishReason {
    /** It was done, or met a stop sequence. */
    STOP,
    /** It reached the output limit or the end of its context: the text is cut. */
    LENGTH,
    /** It wants tools to be called. */
    TOOL_CALLS,
    /** A content policy or the model itself refused. */
    CONTENT_FILTER,
    /** It paused in a long turn; send the answer back to let it go on (Anthropic). */
    PAUSED,
    /** The service broke off. */
    ERROR,
    /** Something else, or not given; see {@link ChatResponse#rawFinishReason()}. */
    OTHER
}
