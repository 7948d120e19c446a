package org.genaiconnector.testkit.llm;

import java.util.List;

/**
 * What the model answers.
 *
 * @param tokens the text, in the pieces in which it is streamed
 * @param stopSequence the sequence that ended the text, or null
 * @param promptTokens tokens of the request
 * @param beside what stands beside the text and the calls
 */
record Completion(
        List<String> tokens,
        List<ToolCall> toolCalls,
        Finish finish,
        String stopSequence,
        int promptTokens,
        Beside beside) {

    Completion(List<String> tokens, List<ToolCall> toolCalls, Finish finish, String stopSequence, int promptTokens) {
        this(tokens, toolCalls, finish, stopSequence, promptTokens, Beside.NOTHING);
    }

    /**
     * What an answer has beside text and calls, if the script says so.
     *
     * @param thought what the model thought, empty for nothing
     * @param search what the service's own tool looked for, empty if it was not used
     * @param paused whether the turn is not over
     * @param cacheRead tokens of the prompt that came from the cache
     * @param cacheWritten tokens of the prompt that were written to the cache
     */
    record Beside(String thought, String search, boolean paused, int cacheRead, int cacheWritten) {
        static final Beside NOTHING = new Beside("", "", false, 0, 0);
    }

    /** Why the model stopped. */
    enum Finish {
        STOP("stop", "end_turn"),
        STOP_SEQUENCE("stop", "stop_sequence"),
        LENGTH("length", "max_tokens"),
        TOOL_CALLS("tool_calls", "tool_use"),
        PAUSED("stop", "pause_turn");

        private final String openAi;
        private final String anthropic;

        Finish(String openAi, String anthropic) {
            this.openAi = openAi;
            this.anthropic = anthropic;
        }

        String openAi() {
            return openAi;
        }

        String anthropic() {
            return anthropic;
        }
    }

    Completion withPromptTokens(int tokens) {
        return new Completion(this.tokens, toolCalls, finish, stopSequence, tokens, beside);
    }

    Completion with(Beside more) {
        return new Completion(
                tokens, toolCalls, more.paused() ? Finish.PAUSED : finish, stopSequence, promptTokens, more);
    }

    String text() {
        return String.join("", tokens);
    }

    int completionTokens() {
        return tokens.size()
                + Tokens.count(beside.thought())
                + toolCalls.stream()
                        .mapToInt(call -> Tokens.count(call.name() + call.arguments()))
                        .sum();
    }

    int totalTokens() {
        return promptTokens + completionTokens();
    }
}
