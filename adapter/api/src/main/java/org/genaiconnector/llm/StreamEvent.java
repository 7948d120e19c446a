package org.genaiconnector.llm;

import java.io.Serializable;
import java.util.Objects;

/** Something that arrives while a model answers. */
public sealed interface StreamEvent extends Serializable {

    /**
     * More of the answer's text.
     *
     * @param text not empty
     */
    record Text(String text) implements StreamEvent {}

    /**
     * More of what the model thinks.
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
     * The answer is complete; always the last event, and only of a stream that ended as it should.
     *
     * @param response equal to the one that {@link LlmConnection#chat} would have given
     */
    record End(ChatResponse response) implements StreamEvent {
        public End {
            Objects.requireNonNull(response, "response");
        }
    }
}
