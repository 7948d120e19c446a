package org.genaiconnector.llm;

/** How long a reasoning model thinks before it answers. Models without reasoning refuse or ignore it. */
public enum ReasoningEffort {
    /** Not at all. Anthropic: thinking is disabled, which its newest models refuse. */
    NONE,
    /** As little as possible. */
    MINIMAL,
    /** Briefly. */
    LOW,
    /** The usual. */
    MEDIUM,
    /** Long. */
    HIGH
}
