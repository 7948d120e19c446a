package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.genaiconnector.testkit.llm.Refusal.Kind;

/**
 * A service in the cloud that speaks the OpenAI protocol, lacks some of its members, and says so in its own words. What the
 * services do beyond that is in the subclasses below.
 */
class Cloud extends OpenAiFlavour {
    private final Set<String> lacks;
    private final UnaryOperator<String> words;

    /**
     * Makes a flavour.
     *
     * @param words what a refused member is refused with
     * @param lacks the members that are refused
     */
    Cloud(Settings settings, UnaryOperator<String> words, String... lacks) {
        super(settings);
        this.words = words;
        this.lacks = Set.of(lacks);
    }

    @Override
    void check(JsonNode body) {
        refuse(body, lacks);
        super.check(body);
    }

    final void refuse(JsonNode body, Set<String> members) {
        body.fieldNames().forEachRemaining(name -> {
            if (members.contains(name)) {
                throw new Refusal(Kind.UNSUPPORTED, words.apply(name), name);
            }
        });
    }

    /** The reasoning is shown where there is some. */
    @Override
    boolean showsThoughts() {
        return true;
    }

    /** Groq: strict schemas for its own GPT models only, reasoning under another name, usage in a place of its own. */
    static final class Groq extends Cloud {
        Groq(Settings settings) {
            super(
                    settings,
                    name -> "property '" + name + "' is unsupported",
                    "top_k",
                    "logprobs",
                    "top_logprobs",
                    "logit_bias");
        }

        @Override
        void check(JsonNode body) {
            super.check(body);
            boolean strict = body.at("/response_format/json_schema/strict").asBoolean();
            if (strict && !body.path("model").asText().startsWith("openai/gpt-oss")) {
                throw new Refusal(
                        Kind.INVALID,
                        "This model does not support response format `json_schema` with strict mode.",
                        "response_format");
            }
            for (JsonNode message : body.path("messages")) {
                if (message.has("reasoning_content")) {
                    throw new Refusal(Kind.INVALID, "property 'reasoning_content' is unsupported", "messages");
                }
            }
        }

        @Override
        void decorateEnd(ObjectNode answer, Completion completion) {
            answer.putObject("x_groq").put("id", "req_sim");
        }
    }

    /** DeepSeek: JSON without schemas; what a thinking model thought before it called a tool must come back. */
    static final class DeepSeek extends Cloud {
        DeepSeek(Settings settings) {
            super(settings, name -> "Failed to deserialize the JSON body: unknown field `" + name + "`", "top_k");
        }

        @Override
        void check(JsonNode body) {
            super.check(body);
            if (body.at("/response_format/type").asText().equals("json_schema")) {
                throw new Refusal(Kind.INVALID, "This response_format type is unavailable now");
            }
            if (body.path("reasoning_effort").asText().equals("none")) {
                throw new Refusal(Kind.INVALID, "unknown variant `none`, expected one of `low`, `high`, `max`");
            }
            boolean thinks = thinks(body);
            for (JsonNode message : body.path("messages")) {
                if (thinks && message.has("tool_calls") && !message.has("reasoning_content")) {
                    throw new Refusal(
                            Kind.INVALID,
                            "The `reasoning_content` in the thinking mode must be passed back to the API.");
                }
            }
        }

        private static boolean thinks(JsonNode body) {
            return !body.at("/thinking/type").asText().equals("disabled");
        }

        /** Thinks unless told otherwise. */
        @Override
        Completion think(JsonNode body, Completion completion) {
            Completion.Beside beside = completion.beside();
            return !thinks(body) || !beside.thought().isEmpty()
                    ? completion
                    : completion.with(new Completion.Beside(
                            "Let me think.",
                            beside.search(),
                            beside.paused(),
                            beside.cacheRead(),
                            beside.cacheWritten()));
        }

        @Override
        JsonNode error(Refusal refusal) {
            ObjectNode body = Call.JSON.createObjectNode();
            body.putObject("error")
                    .put("message", refusal.getMessage())
                    .put("type", "invalid_request_error")
                    .putNull("param")
                    .put("code", "invalid_request_error");
            return body;
        }
    }

    /** Mistral: status 422 with a list of what is wrong; counts tokens at the end of streams without being asked. */
    static final class Mistral extends Cloud {
        private static final int UNPROCESSABLE = 422;

        Mistral(Settings settings) {
            super(
                    settings,
                    name -> "Extra inputs are not permitted",
                    "seed",
                    "stream_options",
                    "max_completion_tokens",
                    "top_k");
        }

        @Override
        int status(Refusal refusal) {
            return refusal.kind() == Kind.UNSUPPORTED ? UNPROCESSABLE : super.status(refusal);
        }

        @Override
        JsonNode error(Refusal refusal) {
            ObjectNode body = Call.JSON.createObjectNode().put("object", "error");
            if (refusal.kind() == Kind.UNSUPPORTED) {
                ObjectNode detail =
                        body.putObject("message").putArray("detail").addObject().put("type", "extra_forbidden");
                detail.putArray("loc").add("body").add(refusal.param());
                detail.put("msg", refusal.getMessage());
            } else {
                body.put("message", refusal.getMessage());
            }
            return body.put("type", "invalid_request_error").putNull("param").putNull("code");
        }

        @Override
        StreamStyle streamStyle() {
            return new StreamStyle(StreamStyle.Role.FIRST, StreamStyle.Usage.LAST_CHUNK, true, false);
        }
    }

    /** Gemini: a strict gate before the model, and errors in an array. */
    static final class Gemini extends Cloud {
        Gemini(Settings settings) {
            super(
                    settings,
                    name -> "Invalid JSON payload received. Unknown name \"" + name + "\": Cannot find field.",
                    "seed",
                    "frequency_penalty",
                    "presence_penalty",
                    "top_k",
                    "logit_bias");
        }

        @Override
        JsonNode error(Refusal refusal) {
            int status = status(refusal);
            ArrayNode body = Call.JSON.createArrayNode();
            body.addObject()
                    .putObject("error")
                    .put("code", status)
                    .put("message", refusal.getMessage())
                    .put("status", status == 400 ? "INVALID_ARGUMENT" : "UNAUTHENTICATED");
            return body;
        }
    }

    /** xAI: its thinking models refuse some members, in camel case. */
    static final class Xai extends Cloud {
        private static final Set<String> REFUSED = Set.of("presence_penalty", "frequency_penalty", "stop");

        Xai(Settings settings) {
            super(settings, name -> "Model grok-4 does not support parameter " + camelCase(name) + ".", "top_k");
        }

        private static String camelCase(String name) {
            return name.replace("_p", "P").replace("_k", "K");
        }

        @Override
        void check(JsonNode body) {
            if (body.path("model").asText().startsWith("grok-4")) {
                refuse(body, REFUSED);
            }
            super.check(body);
        }

        @Override
        JsonNode error(Refusal refusal) {
            return Call.JSON.createObjectNode().put("code", "invalid-argument").put("error", refusal.getMessage());
        }
    }

    /** Together: the list of models is the bare array. */
    static final class Together extends Cloud {
        Together(Settings settings) {
            super(settings, name -> "Unknown parameter " + name, "max_completion_tokens");
        }

        @Override
        void routes(Routes routes) {
            routes.remove("/v1/models/");
        }

        @Override
        JsonNode models(ArrayNode data) {
            return data;
        }
    }

    /** OpenRouter: the list of models is public, the key is checked elsewhere, and no model has a route of its own. */
    static final class OpenRouter extends Cloud {
        OpenRouter(Settings settings) {
            super(settings, name -> "Invalid input: " + name, "max_completion_tokens");
        }

        @Override
        void routes(Routes routes) {
            routes.remove("/v1/models/");
            routes.add(
                    "GET",
                    "/v1/key",
                    call -> call.answer(200, jsonType(), "{\"data\":{\"label\":\"sk-or-...\",\"usage\":0}}"));
        }

        @Override
        void authenticate(Call call) {
            if (!call.path().equals("/v1/models")) {
                super.authenticate(call);
            }
        }

        @Override
        JsonNode error(Refusal refusal) {
            ObjectNode body = Call.JSON.createObjectNode();
            body.putObject("error").put("message", refusal.getMessage()).put("code", status(refusal));
            return body;
        }
    }

    /** Azure OpenAI: paths and keys of its own; the older paths have the deployment in them and need a version. */
    static final class Azure extends OpenAiFlavour {
        Azure(Settings settings) {
            super(settings);
        }

        /** A key in a header of its own; what is a bearer token here was given by Entra ID. */
        @Override
        void authenticate(Call call) {
            String key = call.header("api-key");
            if (key != null ? !settings.accepts(key) : call.header("Authorization") == null) {
                throw new Refusal(
                        Kind.WRONG_KEY,
                        "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid "
                                + "key for an active subscription and use a correct regional API endpoint for your resource.");
            }
            if (key == null) {
                super.authenticate(call);
            }
        }

        @Override
        Routes.Action action(Routes routes, Call call) {
            String path = call.path();
            if (path.startsWith("/openai/v1/")) {
                return routes.find(call.method(), path.substring("/openai".length()));
            }
            boolean dated = path.startsWith("/openai/deployments/") && call.query("api-version") != null;
            return dated ? routes.find(call.method(), path.replaceFirst("^/openai/deployments/[^/]+", "/v1")) : null;
        }

        /** Its models are those of the vendor, not the customer's deployments. */
        @Override
        void routes(Routes routes) {
            routes.remove("/v1/models/");
        }

        @Override
        Refusal refusePath(Call call, boolean pathKnown) {
            return new Refusal(Kind.UNKNOWN_PATH, "Resource not found");
        }
    }
}
