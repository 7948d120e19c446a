package org.genaiconnector.llm;

/** Why a model stopped. */
public enum FinishReason {
    /** It had finished, or produced a stop sequence. */
    STOP,
    /** It reached the output limit or the end of its context: the text is cut. */
    LENGTH,
    /** It calls tools. */
    TOOL_CALLS,
    /** A content policy or the model itself refused. */
    CONTENT_FILTER,
    /** It paused in a long turn; send the answer back to let it go on (Anthropic). */
    PAUSED,
    /** The service broke off. */
    ERROR,
    /** Another reason, or none given; see {@link ChatResponse#rawFinishReason()}. */
    OTHER
}
