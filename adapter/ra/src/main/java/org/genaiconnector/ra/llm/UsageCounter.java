package org.genaiconnector.ra.llm;

import java.util.OptionalLong;
import org.genaiconnector.llm.TokenUsage;
import org.genaiconnector.ra.json.JsonScanner;

/**
 * Token counts over all chunks or events of one answer. A later count is the sum so far; one that is missing, null, negative or
 * absurdly large changes nothing. Reads the names of both protocols, because gateways mix them, and those of DeepSeek,
 * Moonshot and OpenRouter.
 */
final class UsageCounter {
    /** The largest count that is believed. */
    private static final long MOST = 1_000_000_000_000L;

    private final boolean cacheIsExtra;
    private long input = -1;
    private long output = -1;
    private long cached = -1;
    private long written = -1;
    private long thought = -1;
    private long total = -1;

    private UsageCounter(boolean cacheIsExtra) {
        this.cacheIsExtra = cacheIsExtra;
    }

    /** A counter for OpenAI, whose {@code prompt_tokens} include tokens from the cache. */
    static UsageCounter openAi() {
        return new UsageCounter(false);
    }

    /** A counter for Anthropic, whose {@code input_tokens} exclude tokens from and to the cache. */
    static UsageCounter anthropic() {
        return new UsageCounter(true);
    }

    /** Reads an object of usage; skips values of other types. */
    void read(JsonScanner json) {
        for (boolean more = json.enterObject(); more; more = json.next()) {
            switch (json.name()) {
                case "prompt_tokens", "input_tokens" -> input = later(input, json);
                case "completion_tokens", "output_tokens" -> output = later(output, json);
                case "total_tokens" -> total = later(total, json);
                case "prompt_tokens_details",
                        "input_tokens_details",
                        "completion_tokens_details",
                        "output_tokens_details" -> details(json);
                default -> detail(json);
            }
        }
    }

    private void details(JsonScanner json) {
        for (boolean more = json.enterObject(); more; more = json.next()) {
            detail(json);
        }
    }

    private void detail(JsonScanner json) {
        switch (json.name()) {
            case "cached_tokens", "prompt_cache_hit_tokens", "cache_read_input_tokens" -> cached = later(cached, json);
            case "cache_write_tokens", "cache_creation_input_tokens" -> written = later(written, json);
            case "reasoning_tokens", "thinking_tokens" -> thought = later(thought, json);
            default -> json.skip();
        }
    }

    private static long later(long known, JsonScanner json) {
        long count = json.count();
        return count < 0 || count > MOST ? known : count;
    }

    TokenUsage usage() {
        long in = cacheIsExtra && input >= 0 ? input + Math.max(0, written) + Math.max(0, cached) : input;
        // xAI counts reasoning beside the completion, which only the total shows
        boolean beside = in >= 0 && output >= 0 && thought > 0 && total == in + output + thought;
        return new TokenUsage(
                known(in), known(beside ? output + thought : output), known(cached), known(thought), known(written));
    }

    private static OptionalLong known(long count) {
        return count < 0 ? OptionalLong.empty() : OptionalLong.of(count);
    }
}
