package org.genaiconnector.langchain4j;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import org.genaiconnector.llm.ResponseFormat;
import org.genaiconnector.llm.ToolChoice;
import org.genaiconnector.llm.ToolDefinition;

/** Requests of LangChain4j as those of this project. */
final class ChatTranslation {
    private ChatTranslation() {}

    /**
     * A request.
     *
     * @param strictJsonSchema whether the schema of the answer is made strict
     * @throws dev.langchain4j.exception.UnsupportedFeatureException with the name of what cannot be sent
     * @throws dev.langchain4j.exception.InvalidRequestException with the name of a value that is out of its range
     */
    static org.genaiconnector.llm.ChatRequest request(ChatRequest request, boolean strictJsonSchema) {
        return Failures.valid(() -> translated(request, strictJsonSchema));
    }

    private static org.genaiconnector.llm.ChatRequest translated(ChatRequest request, boolean strictJsonSchema) {
        ChatRequestParameters parameters = ConnectorChatRequestParameters.known(request.parameters());
        org.genaiconnector.llm.ChatRequest.Builder builder = org.genaiconnector.llm.ChatRequest.builder()
                .model(parameters.modelName())
                .messages(MessageTranslation.messages(request.messages()));
        options(builder, parameters);
        parameters.toolSpecifications().forEach(tool -> builder.tool(tool(tool)));
        if (parameters.toolChoice() != null) {
            builder.toolChoice(
                    switch (parameters.toolChoice()) {
                        case AUTO -> ToolChoice.AUTO;
                        case REQUIRED -> ToolChoice.REQUIRED;
                        case NONE -> ToolChoice.NONE;
                    });
        }
        if (parameters.responseFormat() != null) {
            builder.responseFormat(format(parameters.responseFormat(), strictJsonSchema));
        }
        if (parameters instanceof ConnectorChatRequestParameters more) {
            more(builder, more);
        }
        return builder.build();
    }

    private static void options(org.genaiconnector.llm.ChatRequest.Builder builder, ChatRequestParameters parameters) {
        if (parameters.temperature() != null) {
            builder.temperature(parameters.temperature());
        }
        if (parameters.topP() != null) {
            builder.topP(parameters.topP());
        }
        if (parameters.topK() != null) {
            builder.topK(parameters.topK());
        }
        if (parameters.frequencyPenalty() != null) {
            builder.frequencyPenalty(parameters.frequencyPenalty());
        }
        if (parameters.presencePenalty() != null) {
            builder.presencePenalty(parameters.presencePenalty());
        }
        if (parameters.maxOutputTokens() != null) {
            builder.maxOutputTokens(parameters.maxOutputTokens());
        }
        builder.stopSequences(parameters.stopSequences().toArray(String[]::new));
    }

    private static void more(
            org.genaiconnector.llm.ChatRequest.Builder builder, ConnectorChatRequestParameters parameters) {
        if (parameters.seed() != null) {
            builder.seed(parameters.seed());
        }
        builder.parallelToolCalls(parameters.parallelToolCalls())
                .reasoningEffort(parameters.reasoningEffort())
                .timeout(parameters.timeout())
                .caller(parameters.caller());
        if (!parameters.extra().isEmpty()) {
            builder.extra(Schemas.object(parameters.extra()));
        }
    }

    private static ToolDefinition tool(ToolSpecification tool) {
        boolean strict = Boolean.TRUE.equals(tool.strict());
        ToolDefinition definition = ToolDefinition.of(
                tool.name(),
                tool.description() == null ? "" : tool.description(),
                Schemas.parameters(tool.parameters(), strict));
        return strict ? definition.asStrict() : definition;
    }

    private static ResponseFormat format(dev.langchain4j.model.chat.request.ResponseFormat format, boolean strict) {
        if (format.type() == ResponseFormatType.TEXT) {
            return ResponseFormat.TEXT;
        }
        JsonSchema schema = format.jsonSchema();
        return schema == null
                ? ResponseFormat.JSON
                : ResponseFormat.schema(schema.name(), Schemas.json(schema.rootElement(), strict));
    }
}
