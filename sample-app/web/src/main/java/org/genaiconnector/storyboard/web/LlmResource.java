package org.genaiconnector.storyboard.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArray;
import jakarta.resource.ResourceException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.llm.GenerationOptions;
import org.genaiconnector.llm.LlmModel;
import org.genaiconnector.storyboard.Assistant;

/** {@code /api/chat}, {@code /api/complete}, {@code /api/models}: the LLM as it is. */
@Path("")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class LlmResource {

    @Inject
    private Assistant assistant;

    /** Answers a conversation. */
    @POST
    @Path("chat")
    @Consumes(MediaType.APPLICATION_JSON)
    public AnswerJson chat(InputStream body) throws IOException, ResourceException {
        return AnswerJson.of(assistant.chat(chatRequest(JsonBody.read(body))));
    }

    /** Answers a conversation piece by piece, as server-sent events. */
    @POST
    @Path("chat/stream")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Response stream(InputStream body) throws IOException, ResourceException {
        return Response.ok(new ChatEvents(assistant.stream(chatRequest(JsonBody.read(body)))))
                .header("Cache-Control", "no-store")
                .build();
    }

    /** Goes on with a text. */
    @POST
    @Path("complete")
    @Consumes(MediaType.APPLICATION_JSON)
    public AnswerJson complete(InputStream input) throws IOException, ResourceException {
        JsonBody body = JsonBody.read(input);
        CompletionRequest request = CompletionRequest.builder(body.text("prompt"))
                .model(body.optionalText("model").orElse(null))
                .options(options(body))
                .build();
        return AnswerJson.of(assistant.complete(request));
    }

    /** Lists the models. */
    @GET
    @Path("models")
    public List<LlmModel> models() throws ResourceException {
        return assistant.models();
    }

    private static ChatRequest chatRequest(JsonBody body) {
        ChatRequest.Builder request = ChatRequest.builder()
                .model(body.optionalText("model").orElse(null))
                .options(options(body));
        body.optionalText("system").ifPresent(request::system);
        JsonArray messages = body.array("messages");
        for (int i = 0; i < messages.size(); i++) {
            request.message(message(JsonBody.of(messages.get(i), "messages[" + i + "]")));
        }
        try {
            return request.build();
        } catch (IllegalArgumentException e) {
            throw RequestException.badRequest("\"messages\": " + e.getMessage(), e);
        }
    }

    private static ChatMessage message(JsonBody body) {
        String text = body.text("text");
        String role = body.text("role").toLowerCase(Locale.ROOT);
        return switch (role) {
            case "system" -> ChatMessage.system(text);
            case "user" -> ChatMessage.user(text);
            case "assistant" -> ChatMessage.assistant(text);
            default ->
                throw RequestException.badRequest(
                        "There is no role \"" + role + "\"; there are system, user and assistant");
        };
    }

    private static GenerationOptions options(JsonBody body) {
        try {
            GenerationOptions options = GenerationOptions.DEFAULTS;
            if (body.has("temperature")) {
                options = options.withTemperature(
                        body.optionalDouble("temperature").getAsDouble());
            }
            if (body.has("maxOutputTokens")) {
                options = options.withMaxOutputTokens(
                        body.optionalInt("maxOutputTokens").getAsInt());
            }
            return options;
        } catch (IllegalArgumentException e) {
            throw RequestException.badRequest(e.getMessage(), e);
        }
    }
}
