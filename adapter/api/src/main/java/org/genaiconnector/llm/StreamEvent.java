package org.genaiconnector.llm;

import java.io.Serializable;
import java.util.Objects;

/** An event of a streamed answer. */
public sealed interface StreamEvent extends Serializable {

    /**
     * More of the answer's text.
     *
     * @param text not empty
     */
    record Text(String text) implements StreamEvent {}

    /**
     * More of the model's reasoning.
     *
     * @param text not empty
     */
    record Reasoning(String text) implements StreamEvent {}

    /**
     * More of a tool call's arguments.
     *
     * @param index of the call in the answer, from 0
     * @param name of the tool
     * @param argumentsFragment a piece of JSON, not valid by itself
     */
    record ToolCallDelta(int index, String name, String argumentsFragment) implements StreamEvent {}

    /**
     * A tool call is complete.
     *
     * @param call with all its arguments
     */
    record ToolCallCompleted(ToolCall call) implements StreamEvent {
        public ToolCallCompleted {
            Objects.requireNonNull(call, "call");
        }
    }

    /**
     * The answer is complete. Always the last event; a stream that breaks off does not have it.
     *
     * @param response equal to what {@link LlmConnection#chat} would have returned
     */
    record End(ChatResponse response) implements StreamEvent {
        public End {
            Objects.requireNonNull(response, "response");
        }
    }
}
