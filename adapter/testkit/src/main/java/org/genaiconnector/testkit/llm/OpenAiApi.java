package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.genaiconnector.testkit.llm.Refusal.Kind;
import org.genaiconnector.testkit.llm.Routes.Action;
import org.genaiconnector.testkit.llm.StreamStyle.Usage;

/** The OpenAI protocol in the flavour of one server; this class answers all but chat itself. */
final class OpenAiApi implements Protocol {
    private static final int USUAL_DIMENSIONS = 64;
    private static final int USUAL_COMPLETION_TOKENS = 16;

    private final OpenAiFlavour flavour;
    private final Script script;
    private final Routes routes;

    OpenAiApi(OpenAiFlavour flavour, Script script) {
        this.flavour = flavour;
        this.script = script;
        this.routes = new Routes()
                .add("POST", "/v1/chat/completions", new OpenAiChat(flavour, script)::answer)
                .add("POST", "/v1/completions", this::completion)
                .add("POST", "/v1/embeddings", this::embeddings)
                .add("GET", "/v1/models", this::models)
                .add("GET", "/v1/models/", this::model);
        if (flavour.hasResponses()) {
            ResponsesApi responses = new ResponsesApi(flavour, script);
            routes.add("POST", "/v1/responses", responses::answer)
                    .add("POST", "/v1/responses/input_tokens", responses::count);
        }
        flavour.routes(routes);
    }

    @Override
    public void headers(Call call) {
        flavour.headers(call);
    }

    @Override
    public void authenticate(Call call) {
        flavour.authenticate(call);
    }

    @Override
    public Action action(Call call) {
        Action action = flavour.action(routes, call);
        if (action == null) {
            throw flavour.refusePath(call, routes.knows(call.path()));
        }
        return action;
    }

    @Override
    public void refuse(Call call, Refusal refusal) throws IOException {
        flavour.refuse(call, refusal);
    }

    private void completion(Call call) throws IOException {
        JsonNode body = call.json();
        flavour.checkModel(body);
        if (!body.has("prompt")) {
            throw new Refusal(Kind.MISSING, "Missing required parameter: 'prompt'.", "prompt");
        }
        Prompt prompt = Prompt.of(
                OpenAiPrompt.text(body.path("prompt")),
                body.path("max_tokens").asInt(USUAL_COMPLETION_TOKENS),
                OpenAiPrompt.strings(body.path("stop")),
                OpenAiPrompt.variant(body, 0));
        int promptTokens = flavour.fit(body, prompt.tokens());
        Completion completion = script.complete(prompt).withPromptTokens(promptTokens);
        flavour.rateLimits(call);
        if (!body.path("stream").asBoolean()) {
            ObjectNode answer =
                    text(call, body, completion.text(), completion.finish().openAi());
            answer.set("usage", OpenAiChat.usage(List.of(completion)));
            flavour.decorateEnd(answer, completion);
            call.answer(200, flavour.jsonType(), answer);
            return;
        }
        call.startStream(200, "text/event-stream");
        for (String token : completion.tokens()) {
            call.pause();
            call.event(text(call, body, token, null));
        }
        ObjectNode usage = OpenAiChat.usage(List.of(completion));
        ObjectNode last = text(call, body, "", completion.finish().openAi());
        if (flavour.streamStyle().usage() == Usage.LAST_CHUNK) {
            last.set("usage", usage);
        }
        flavour.decorateEnd(last, completion);
        call.event(last);
        if (flavour.streamStyle().usage() == Usage.OWN_CHUNK
                && body.path("stream_options").path("include_usage").asBoolean()) {
            ObjectNode count = text(call, body, "", null);
            count.putArray("choices");
            count.set("usage", usage);
            call.event(count);
        }
        call.write("data: [DONE]\n\n");
        call.endStream();
        if (flavour.streamStyle().closes()) {
            call.closeConnectionAfterAnswer();
        }
    }

    private ObjectNode text(Call call, JsonNode body, String text, String finishReason) {
        ObjectNode answer = Call.JSON
                .createObjectNode()
                .put("id", flavour.id(call))
                .put("object", "text_completion")
                .put("created", Instant.now().getEpochSecond())
                .put(
                        "model",
                        body.path("model")
                                .asText(flavour.settings.listedModels().get(0)));
        answer.putArray("choices")
                .addObject()
                .put("text", text)
                .put("index", 0)
                .put("finish_reason", finishReason)
                .putNull("logprobs");
        flavour.decorate(answer);
        return answer;
    }

    private void embeddings(Call call) throws IOException {
        JsonNode body = call.json();
        flavour.checkEmbeddings(body);
        JsonNode input = body.path("input");
        List<String> texts = input.isTextual() ? List.of(input.asText()) : OpenAiPrompt.strings(input);
        boolean base64 = body.path("encoding_format").asText().equals("base64");
        int dimensions = body.path("dimensions").asInt(USUAL_DIMENSIONS);
        ObjectNode answer = Call.JSON.createObjectNode().put("object", "list");
        answer.put(
                "model",
                body.path("model").asText(flavour.settings.listedModels().get(0)));
        ArrayNode data = answer.putArray("data");
        int tokens = 0;
        for (String text : texts) {
            ObjectNode entry = data.addObject().put("object", "embedding").put("index", data.size() - 1);
            putVector(entry, vector(text, dimensions), base64);
            flavour.decorateEmbedding(entry, base64);
            tokens += Tokens.count(text);
        }
        answer.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        flavour.rateLimits(call);
        call.answer(200, flavour.jsonType(), answer);
    }

    private static void putVector(ObjectNode entry, float[] vector, boolean base64) {
        if (base64) {
            ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(vector);
            entry.put("embedding", Base64.getEncoder().encodeToString(bytes.array()));
            return;
        }
        ArrayNode numbers = entry.putArray("embedding");
        for (float number : vector) {
            numbers.add(number);
        }
    }

    /** The sum of a direction for each word, of length one: texts that share words are close to each other. */
    private static float[] vector(String text, int dimensions) {
        double[] sum = new double[dimensions];
        for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
            Random direction = new Random(word.hashCode());
            for (int i = 0; i < dimensions; i++) {
                sum[i] += direction.nextGaussian();
            }
        }
        double length = Math.sqrt(Arrays.stream(sum).map(x -> x * x).sum());
        float[] vector = new float[dimensions];
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) (sum[i] / length);
        }
        return vector;
    }

    private void models(Call call) throws IOException {
        ArrayNode data = Call.JSON.createArrayNode();
        flavour.settings.listedModels().forEach(name -> data.add(model(name)));
        call.answer(200, flavour.jsonType(), flavour.models(data));
    }

    private void model(Call call) throws IOException {
        String name = call.path().substring(call.path().lastIndexOf("/models/") + "/models/".length());
        if (!flavour.settings.hasModel(name)) {
            throw new Refusal(Kind.UNKNOWN_MODEL, "The model '" + name + "' does not exist", "model");
        }
        call.answer(200, flavour.jsonType(), model(name));
    }

    private ObjectNode model(String name) {
        ObjectNode model = Call.JSON
                .createObjectNode()
                .put("id", name)
                .put("object", "model")
                .put("created", 1_767_225_600) // 2026-01-01
                .put("owned_by", flavour.ownedBy());
        flavour.decorateModel(model);
        return model;
    }
}
