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
    HIGH,
    /** Longer, for models that know it: OpenAI's of 2026, Claude after Opus 4.6. */
    XHIGH,
    /** As long as the model can, likewise. */
    MAX
}
