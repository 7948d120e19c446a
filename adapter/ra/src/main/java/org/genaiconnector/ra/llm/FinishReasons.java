package org.genaiconnector.ra.llm;

import java.util.Locale;
import org.genaiconnector.llm.FinishReason;

/**
 * Why models stopped. Gateways pass on the words of the service behind them in either protocol, in upper or lower case, so one
 * table serves all: OpenAI's, Anthropic's, Gemini's, Mistral's, vLLM's, DeepSeek's and Zhipu's.
 */
final class FinishReasons {

    private FinishReasons() {}

    /** The reason in a text; empty if there is none. Some services send null as a text. */
    static String word(String text) {
        return text.equalsIgnoreCase("null") ? "" : text;
    }

    /** Whether an answer was cut, so that its last tool call may be broken and further calls may be missing. */
    static boolean cuts(FinishReason reason) {
        return switch (reason) {
            case LENGTH, ERROR, CONTENT_FILTER -> true;
            default -> false;
        };
    }

    /**
     * What a reason means.
     *
     * @param word the service's word; empty for none
     * @param refused whether there is a refusal, which OpenAI gives the reason "stop"
     * @param toolCalls whether the answer calls tools; some services say "stop" then
     */
    static FinishReason of(String word, boolean refused, boolean toolCalls) {
        if (refused) {
            return FinishReason.CONTENT_FILTER;
        }
        return switch (word.strip().toLowerCase(Locale.ROOT)) {
            case "stop", "end_turn", "stop_sequence", "eos", "eos_token", "complete", "completed" ->
                toolCalls ? FinishReason.TOOL_CALLS : FinishReason.STOP;
            case "length", "max_tokens", "max_output_tokens", "model_length", "model_context_window_exceeded" ->
                FinishReason.LENGTH;
            case "tool_calls", "tool_call", "tool_use", "function_call" -> FinishReason.TOOL_CALLS;
            case "content_filter",
                    "content_filtered",
                    "refusal",
                    "safety",
                    "recitation",
                    "blocklist",
                    "prohibited_content",
                    "spii",
                    "guardrail_intervened",
                    "sensitive" -> FinishReason.CONTENT_FILTER;
            case "pause_turn", "compaction" -> FinishReason.PAUSED;
            case "error", "abort", "network_error", "insufficient_system_resource" -> FinishReason.ERROR;
            default -> FinishReason.OTHER;
        };
    }
}
