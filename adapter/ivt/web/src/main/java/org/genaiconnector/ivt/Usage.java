package org.genaiconnector.ivt;

import java.util.concurrent.atomic.AtomicLong;
import org.genaiconnector.llm.ChatResponse;

/** What the checks ask of backends. Safe for all threads. */
final class Usage {
    /** Most calls of a model by the checks of one pool whose backend is not simulated. */
    static final int MOST_CHATS = 3;

    /** Most tokens that each of them lets a model write. */
    static final int MOST_OUTPUT_TOKENS = 16;

    /** Most jobs that the checks of one pool submit to a ComfyUI that is not simulated; one of them is refused. */
    static final int MOST_JOBS = 8;

    private final AtomicLong chats = new AtomicLong();
    private final AtomicLong jobs = new AtomicLong();
    private final AtomicLong inputTokens = new AtomicLong();
    private final AtomicLong outputTokens = new AtomicLong();

    void chat() {
        chats.incrementAndGet();
    }

    void answer(ChatResponse response) {
        inputTokens.addAndGet(response.usage().inputTokens().orElse(0));
        outputTokens.addAndGet(response.usage().outputTokens().orElse(0));
    }

    void job() {
        jobs.incrementAndGet();
    }

    long chats() {
        return chats.get();
    }

    long jobs() {
        return jobs.get();
    }

    long inputTokens() {
        return inputTokens.get();
    }

    long outputTokens() {
        return outputTokens.get();
    }
}
