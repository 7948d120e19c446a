package org.genaiconnector.llm;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.genaiconnector.SerializedRecord;

/**
 * What the model answered.
 *
 * @param message the answer as a turn of the conversation: texts, tool calls, reasoning; send it back unchanged to
 *     continue the conversation
 * @param refusal the model's words if it refused; then the message is empty
 * @param finishReason why it ended
 * @param rawFinishReason the provider's own word, empty if it gave none
 * @param model the model that answered, as the provider names it; may differ from the one asked for
 * @param usage the tokens that the provider counted
 * @param id the provider's id of the answer; local services repeat ids or leave it out
 * @param requestId the provider's id of the request; quote it to the provider's support
 * @param rateLimits what the provider said about its limits
 * @param routing who answered, after which tries, and the cost; empty if the factory has no targets
 */
public record ChatResponse(
        ChatMessage message,
        Optional<String> refusal,
        FinishReason finishReason,
        String rawFinishReason,
        String model,
        TokenUsage usage,
        Optional<String> id,
        Optional<String> requestId,
        Optional<RateLimits> rateLimits,
        Optional<Routing> routing)
        implements Serializable {

    public ChatResponse {
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(refusal, "refusal");
        Objects.requireNonNull(finishReason, "finishReason");
        Objects.requireNonNull(rawFinishReason, "rawFinishReason");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(usage, "usage");
        Objects.requireNonNull(routing, "routing");
    }

    /** An answer of a factory without targets; the parameters are those of the record. */
    public ChatResponse(
            ChatMessage message,
            Optional<String> refusal,
            FinishReason finishReason,
            String rawFinishReason,
            String model,
            TokenUsage usage,
            Optional<String> id,
            Optional<String> requestId,
            Optional<RateLimits> rateLimits) {
        this(
                message,
                refusal,
                finishReason,
                rawFinishReason,
                model,
                usage,
                id,
                requestId,
                rateLimits,
                Optional.empty());
    }

    /**
     * The same answer of a factory with targets.
     *
     * @param route who answered, and why
     * @return a copy
     */
    public ChatResponse with(Routing route) {
        return new ChatResponse(
                message,
                refusal,
                finishReason,
                rawFinishReason,
                model,
                usage,
                id,
                requestId,
                rateLimits,
                Optional.of(route));
    }

    /**
     * The answer's text.
     *
     * @return all text parts together; empty if there are none
     */
    public String text() {
        return message.text();
    }

    /**
     * What the model thought, where the provider shows it.
     *
     * @return may be empty
     */
    public String reasoning() {
        StringBuilder text = new StringBuilder();
        message.parts(ReasoningPart.class).forEach(part -> text.append(part.text()));
        return text.toString();
    }

    /**
     * The tools that the model wants to be called.
     *
     * @return in their order, may be empty
     */
    public List<ToolCall> toolCalls() {
        return message.parts(ToolCall.class);
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
