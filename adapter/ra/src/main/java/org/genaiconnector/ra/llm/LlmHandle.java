package org.genaiconnector.ra.llm;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.llm.Embedding;
import org.genaiconnector.llm.EmbeddingRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmModel;
import org.genaiconnector.llm.RawAnswer;
import org.genaiconnector.llm.RawRequest;
import org.genaiconnector.llm.Routing;
import org.genaiconnector.ra.connection.Handle;
import org.genaiconnector.ra.connection.Operation;
import org.genaiconnector.ra.llm.targets.Candidate;

/** Connection handle to an LLM service, or to the targets of a factory: then each call goes by way of the router. */
public class LlmHandle extends Handle<LlmOperations> implements LlmConnection {
    /** Null without targets. */
    private final Router router;

    /** A handle to one service, and the form that TomEE's generated subclasses need. */
    public LlmHandle() {
        this(null);
    }

    LlmHandle(Router router) {
        this.router = router;
    }

    private <T> T at(Candidate candidate, Operation<LlmOperations, T> operation) throws GenAiException {
        return performAt(router.lane(candidate).endpoint(), operation);
    }

    private static Optional<String> model(Candidate candidate) {
        return Optional.of(candidate.model());
    }

    private static Router.Call call(ChatRequest request) {
        return new Router.Call(
                request.model(),
                Estimate.of(request),
                request.options().maxOutputTokens(),
                request.timeout(),
                Applications.current(),
                request.caller().orElseGet(Callers::current));
    }

    private static ChatResponse routed(ChatResponse response, Attempt attempt) {
        return response.with(attempt.succeeded(response.usage(), Estimate.of(response.message())));
    }

    @Override
    public ChatResponse chat(ChatRequest request) throws GenAiException {
        return router == null
                ? perform(operations -> operations.chat(request, request.model()))
                : router.call(
                        call(request),
                        (candidate, attempt) -> at(candidate, operations -> {
                            ChatResponse response = operations.chat(request, model(candidate));
                            attempt.answered();
                            return routed(response, attempt);
                        }));
    }

    @Override
    public ChatStream stream(ChatRequest request) throws GenAiException {
        return router == null
                ? perform(operations -> operations.stream(request, request.model(), response -> response))
                : router.call(
                        call(request),
                        (candidate, attempt) -> at(candidate, operations -> {
                            LlmChatStream stream =
                                    operations.stream(request, model(candidate), response -> routed(response, attempt));
                            attempt.answered();
                            return new RoutedStream(stream, attempt);
                        }));
    }

    @Override
    public Embedding embed(EmbeddingRequest request) throws GenAiException {
        return router == null
                ? perform(operations -> operations.embed(request, request.model()))
                : router.call(
                        new Router.Call(
                                request.model(),
                                Estimate.of(request.texts()),
                                OptionalInt.of(0),
                                request.timeout(),
                                Applications.current(),
                                request.caller().orElseGet(Callers::current)),
                        (candidate, attempt) -> at(candidate, operations -> {
                            Embedding embedding = operations.embed(request, model(candidate));
                            attempt.answered();
                            Routing routing = attempt.succeeded(Attempt.inputOnly(embedding.usage()), 0);
                            return new Embedding(
                                    embedding.vectors(), embedding.model(), embedding.usage(), Optional.of(routing));
                        }));
    }

    @Override
    public ChatResponse complete(CompletionRequest request) throws GenAiException {
        return router == null
                ? perform(operations -> operations.complete(request, request.model()))
                : router.call(
                        new Router.Call(
                                request.model(),
                                Estimate.text(request.prompt()),
                                request.options().maxOutputTokens(),
                                request.timeout(),
                                Applications.current(),
                                request.caller().orElseGet(Callers::current)),
                        (candidate, attempt) -> at(candidate, operations -> {
                            ChatResponse response = operations.complete(request, model(candidate));
                            attempt.answered();
                            return routed(response, attempt);
                        }));
    }

    @Override
    public long countTokens(ChatRequest request) throws GenAiException {
        return router == null
                ? perform(operations -> operations.countTokens(request, request.model()))
                : router.call(
                        call(request),
                        (candidate, attempt) -> at(candidate, operations -> {
                            long tokens = operations.countTokens(request, model(candidate));
                            attempt.cancelled(); // it costs nothing
                            return tokens;
                        }));
    }

    @Override
    public RawAnswer exchange(RawRequest request) throws GenAiException {
        if (router != null) {
            throw new GenAiException(
                    FailureCategory.UNSUPPORTED,
                    "A factory with targets makes no raw requests, because they name no target: use a factory of one service");
        }
        return perform(operations -> operations.exchange(request));
    }

    /** With targets their names in the configuration, those of the application first; no service is asked. */
    @Override
    public List<LlmModel> listModels() throws GenAiException {
        return router == null
                ? perform(LlmOperations::listModels)
                : router.targets().models().stream()
                        .map(name -> new LlmModel(name, Optional.empty(), Optional.empty()))
                        .toList();
    }
}
