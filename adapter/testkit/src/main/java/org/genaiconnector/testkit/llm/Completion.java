package org.genaiconnector.testkit.llm;

import java.util.List;

/**
 * What the model answers.
 *
 * @param tokens the text, in the pieces in which it is streamed
 * @param stopSequence the sequence that ended the text, or null
 * @param promptTokens tokens of the request
 */
record Completion(List<String> tokens, List<ToolCall> toolCalls, Finish finish, String stopSequence, int promptTokens) {

    /** Why the model stopped. */
    enum Finish {
        STOP("stop", "end_turn"),
        STOP_SEQUENCE("stop", "stop_sequence"),
        LENGTH("length", "max_tokens"),
        TOOL_CALLS("tool_calls", "tool_use");

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
        return new Completion(this.tokens, toolCalls, finish, stopSequence, tokens);
    }

    String text() {
        return String.join("", tokens);
    }

    int completionTokens() {
        return tokens.size()
                + toolCalls.stream()
                        .mapToInt(call -> Tokens.count(call.name() + call.arguments()))
                        .sum();
    }

    int totalTokens() {
        return promptTokens + completionTokens();
    }
}
