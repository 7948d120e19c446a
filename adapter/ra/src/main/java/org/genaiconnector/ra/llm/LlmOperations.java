package org.genaiconnector.ra.llm;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.llm.Embedding;
import org.genaiconnector.llm.EmbeddingRequest;
import org.genaiconnector.llm.LlmModel;
import org.genaiconnector.llm.RawRequest;
import org.genaiconnector.ra.http.AnswerOpener;
import org.genaiconnector.ra.http.AnswerReader;
import org.genaiconnector.ra.http.Deadline;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.http.HttpSettings;
import org.genaiconnector.ra.http.Repeatable;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/** The operations of a connection to an LLM service. The methods are those of {@link LlmHandle}. */
final class LlmOperations {
    /** Pages of a model list, of up to 1,000 models each. */
    private static final int MOST_PAGES = 50;

    private final Dialect dialect;
    private final LlmSettings llm;
    private final HttpSettings settings;
    private final HttpConnection http;
    private final StatisticsRecorder statistics;
    private final LlmTelemetry telemetry;
    /** Null if the connection has credentials, or needs none. */
    private final CallCredentials changing;
    /** The model of a local service if neither request nor configuration names one; null until it is needed. */
    private volatile String servedModel;

    LlmOperations(
            Dialect dialect,
            LlmSettings llm,
            HttpSettings settings,
            HttpConnection http,
            StatisticsRecorder statistics,
            LlmTelemetry telemetry,
            CallCredentials changing) {
        this.dialect = dialect;
        this.llm = llm;
        this.settings = settings;
        this.http = http;
        this.statistics = statistics;
        this.telemetry = telemetry;
        this.changing = changing;
    }

    private <T> T call(HttpCall call, AnswerReader<T> reader) throws GenAiException {
        return changing == null
                ? http.call(call, reader)
                : changing.send(call, authorized -> http.call(authorized, reader));
    }

    private <T> T call(HttpCall call, AnswerReader<T> reader, HttpSettings limits) throws GenAiException {
        return changing == null
                ? http.call(call, reader, limits)
                : changing.send(call, authorized -> http.call(authorized, reader, limits));
    }

    private <T> T open(HttpCall call, AnswerOpener<T> opener) throws GenAiException {
        return changing == null
                ? http.open(call, opener)
                : changing.send(call, authorized -> http.open(authorized, opener));
    }

    private CallSpan span(String operation, Optional<String> asked) {
        return telemetry.isOn() ? telemetry.begin(operation, asked.or(llm::model)) : CallSpan.NONE;
    }

    /** What an operation does with its span. */
    @FunctionalInterface
    private interface Spanned<T> {
        T in(CallSpan span) throws GenAiException;
    }

    /** Ends the span with the operation, unless that returns a stream. */
    private static <T> T within(CallSpan span, Spanned<T> operation) throws GenAiException {
        try {
            T result = operation.in(span);
            if (result instanceof LlmChatStream) {
                span.goesOn();
            } else {
                span.end();
            }
            return result;
        } catch (GenAiException | RuntimeException | Error e) {
            span.failed(e);
            throw e;
        }
    }

    /** The model replaces that of the request, here and in the other methods that have one. */
    ChatResponse chat(ChatRequest request, Optional<String> asked) throws GenAiException {
        CallSpan begun = span("chat", asked);
        return begun.isNone()
                ? ask(request, asked)
                : within(begun.asks(request), span -> span.answered(ask(request, asked)));
    }

    private ChatResponse ask(ChatRequest request, Optional<String> asked) throws GenAiException {
        return Deadline.within(
                request.timeout(),
                () -> counted(naming(
                        asked, model -> call(dialect.chat(request, model).about(model), dialect::readChat))));
    }

    ChatResponse complete(CompletionRequest request, Optional<String> asked) throws GenAiException {
        CallSpan begun = span("text_completion", asked);
        return begun.isNone()
                ? ask(request, asked)
                : within(begun.asks(request.options()), span -> span.answered(ask(request, asked)));
    }

    private ChatResponse ask(CompletionRequest request, Optional<String> asked) throws GenAiException {
        return Deadline.within(
                request.timeout(),
                () -> counted(naming(
                        asked, model -> call(dialect.complete(request, model).about(model), dialect::readCompletion))));
    }

    /** @param finish makes of the complete answer what the reader gets */
    LlmChatStream stream(ChatRequest request, Optional<String> asked, UnaryOperator<ChatResponse> finish)
            throws GenAiException {
        CallSpan begun = span("chat", asked);
        return begun.isNone()
                ? open(request, asked, finish)
                : within(begun.asks(request), span -> {
                    LlmChatStream stream = open(request, asked, response -> finish.apply(span.answered(response)));
                    span.firstChunk();
                    stream.endsWith(span);
                    return stream;
                });
    }

    private LlmChatStream open(ChatRequest request, Optional<String> asked, UnaryOperator<ChatResponse> finish)
            throws GenAiException {
        // the answer keeps its deadline when this has returned
        return Deadline.within(
                request.timeout(),
                () -> naming(asked, model -> {
                    long start = System.nanoTime();
                    LlmChatStream stream = open(
                            dialect.stream(request, model).about(model),
                            answer -> LlmChatStream.start(
                                    answer,
                                    dialect,
                                    llm.streamEndTimeout(),
                                    response -> finish.apply(counted(response))));
                    statistics.began(System.nanoTime() - start); // its first event has arrived
                    return stream;
                }));
    }

    Embedding embed(EmbeddingRequest request, Optional<String> asked) throws GenAiException {
        CallSpan begun = span("embeddings", asked);
        return begun.isNone()
                ? ask(request, asked)
                : within(begun, span -> {
                    Embedding embedding = ask(request, asked);
                    span.answered(embedding.model(), embedding.usage());
                    return embedding;
                });
    }

    private Embedding ask(EmbeddingRequest request, Optional<String> asked) throws GenAiException {
        Embedding embedding = Deadline.within(
                request.timeout(),
                () -> naming(
                        asked,
                        model -> call(
                                dialect.embed(request, model).about(model),
                                answer -> dialect.readEmbedding(answer, request))));
        statistics.tokens(embedding.usage().inputTokens().orElse(0), 0);
        return embedding;
    }

    long countTokens(ChatRequest request, Optional<String> asked) throws GenAiException {
        return Deadline.within(
                request.timeout(),
                () -> naming(asked, model -> call(dialect.count(request, model).about(model), dialect::readCount)));
    }

    /** What the connection sends by itself wins over headers of the request. */
    LlmRawAnswer exchange(RawRequest request) throws GenAiException {
        URI target = URI.create(request.path());
        HttpResource resource = http.resource(target.getRawPath());
        for (String parameter : target.getRawQuery() == null
                ? new String[0]
                : target.getRawQuery().split("&")) {
            int end = parameter.indexOf('=');
            resource = end < 0
                    ? resource.query(decoded(parameter), "")
                    : resource.query(decoded(parameter.substring(0, end)), decoded(parameter.substring(end + 1)));
        }
        HttpCall.Body body = request.body()
                .map(bytes -> new HttpCall.Bytes(request.mediaType().orElseThrow(), bytes))
                .orElse(null);
        boolean asks = request.method().equals("GET") || request.method().equals("HEAD");
        Repeatable repeatable = asks ? Repeatable.ALWAYS : Repeatable.IF_NOT_DONE;
        HttpCall call = new HttpCall(request.method(), resource, Map.of(), body, repeatable);
        for (Map.Entry<String, String> header : request.headers().entrySet()) {
            call = http.sends(header.getKey()) ? call : call.header(header.getKey(), header.getValue());
        }
        HttpCall whole = call;
        return Deadline.within(request.timeout(), () -> open(whole, LlmRawAnswer::of));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    @FunctionalInterface
    private interface Naming<T> {
        T with(String model) throws GenAiException;
    }

    /** Runs an operation with the requested model, else the configured one, else the one that a local service has. */
    private <T> T naming(Optional<String> wanted, Naming<T> operation) throws GenAiException {
        Optional<String> named = wanted.isPresent() ? wanted : llm.model();
        if (named.isPresent()) {
            return lenient(named.get(), operation);
        }
        if (!dialect.servesOneModel()) {
            throw new GenAiException(
                    FailureCategory.INVALID_REQUEST,
                    "No model: set one in the request, or the property model of the pool");
        }
        String remembered = servedModel;
        try {
            return lenient(remembered == null ? askForModel() : remembered, operation);
        } catch (GenAiException e) {
            if (e.category() != FailureCategory.NOT_FOUND) {
                throw e;
            }
            servedModel = null;
            if (remembered == null || askForModel().equals(remembered)) {
                throw e;
            }
            return lenient(servedModel, operation); // the service has loaded another one
        }
    }

    /** Repeats an operation without the options that the model refused, if the configuration drops them. */
    private <T> T lenient(String model, Naming<T> operation) throws GenAiException {
        for (; ; ) {
            Set<String> sentWithout = llm.omittedFields().of(model);
            try {
                return operation.with(model);
            } catch (GenAiException e) {
                if (!llm.omittedFields().learn(model, sentWithout, e)) {
                    throw e;
                }
            }
        }
    }

    /** Asks a local service for its model. It usually has one loaded, which the configuration need not repeat. */
    private String askForModel() throws GenAiException {
        String first = listModels().stream()
                .map(LlmModel::id)
                .filter(id -> !id.contains("embed"))
                .findFirst()
                .orElseThrow(() -> new GenAiException(
                        FailureCategory.NOT_FOUND,
                        settings.name()
                                + " offers no model: load one there, or set one in the request or in the property "
                                + "model of the pool"));
        servedModel = first;
        return first;
    }

    private ChatResponse counted(ChatResponse response) {
        statistics.tokens(
                response.usage().inputTokens().orElse(0),
                response.usage().outputTokens().orElse(0));
        return response;
    }

    /** All models. Gateways that ignore the position send the same page again and again, or invent new positions. */
    List<LlmModel> listModels() throws GenAiException {
        Map<String, LlmModel> models = new LinkedHashMap<>();
        Set<String> places = new HashSet<>();
        Optional<String> after = Optional.empty();
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            Dialect.ModelPage page = call(dialect.models(after), dialect::readModels);
            int known = models.size();
            page.models().forEach(model -> models.putIfAbsent(model.id(), model));
            after = page.next().filter(places::add);
            if (after.isEmpty() || models.size() == known) {
                break;
            }
        }
        return List.copyOf(models.values());
    }

    /** Checks within a time, without retries and without tokens, that an LLM service answers. */
    void probe(Duration timeout) throws GenAiException {
        HttpSettings limits = settings.once(timeout);
        Deadline.in(timeout).around(() -> {
            try {
                return call(dialect.probe(), LlmOperations::modelsOf, limits);
            } catch (GenAiException e) {
                if (e.category() != FailureCategory.NOT_FOUND || llm.model().isEmpty()) {
                    throw e;
                }
                // some services list models but have no route for a single one
                return call(dialect.models(Optional.empty()), LlmOperations::modelsOf, limits);
            }
        });
    }

    /** Accepts any JSON about models. */
    private static JsonValue modelsOf(HttpAnswer answer) throws GenAiException {
        JsonValue body = answer.json();
        if (body instanceof JsonObject object) {
            Optional<GenAiException> failure = LlmFailures.inBody(answer, object);
            if (failure.isPresent()) {
                throw failure.get();
            }
        }
        boolean isList = body instanceof JsonArray;
        boolean isModels = body instanceof JsonObject object
                && Stream.of("data", "models", "id", "object").anyMatch(object::containsKey);
        if (isList || isModels) {
            return body;
        }
        throw answer.failure(
                FailureCategory.PROTOCOL, "does not answer like an LLM service: " + answer.excerpt(), null);
    }
}
