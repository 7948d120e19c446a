package org.genaiconnector.llm;

import java.io.Serializable;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.genaiconnector.SerializedRecord;

/**
 * What a provider said about its limits with an answer. Gateways leave out or invent what they like, so everything is
 * optional.
 *
 * @param requests requests per time
 * @param tokens tokens per time
 */
public record RateLimits(Limit requests, Limit tokens) implements Serializable {

    /**
     * One limit.
     *
     * @param limit allowed in all
     * @param remaining left now
     * @param reset when all is allowed again; OpenAI tells a duration, Anthropic a moment
     */
    public record Limit(OptionalLong limit, OptionalLong remaining, Optional<Instant> reset) implements Serializable {

        private Object writeReplace() {
            return SerializedRecord.of(this);
        }
    }
}
