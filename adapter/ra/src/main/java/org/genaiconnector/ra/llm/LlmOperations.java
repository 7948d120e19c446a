package org.genaiconnector.ra.llm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.llm.Embedding;
import org.genaiconnector.llm.LlmModel;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.http.HttpSettings;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/** What a connection to an LLM service can do. The methods are those of the handle, see there. */
final class LlmOperations {

    private final Dialect dialect;
    private final ModelDefaults defaults;
    private final HttpSettings settings;
    private final HttpConnection http;
    private final StatisticsRecorder statistics;

    LlmOperations(
            Dialect dialect,
            ModelDefaults defaults,
            HttpSettings settings,
            HttpConnection http,
            StatisticsRecorder statistics) {
        this.dialect = dialect;
        this.defaults = defaults;
        this.settings = settings;
        this.http = http;
        this.statistics = statistics;
    }

    ChatResponse chat(ChatRequest request) throws GenAiException {
        return counted(http.call(dialect.chat(named(request)), dialect::readChat));
    }

    ChatResponse complete(CompletionRequest request) throws GenAiException {
        return counted(http.call(
                dialect.complete(needsModel(request.model()) ? request.withModel(servedModel()) : request),
                dialect::readCompletion));
    }

    ChatStream stream(ChatRequest request) throws GenAiException {
        long start = System.nanoTime();
        ChatStream stream = http.open(
                dialect.stream(named(request)), answer -> LlmChatStream.start(answer, dialect, this::counted));
        statistics.began(System.nanoTime() - start); // its first event has arrived
        return stream;
    }

    Embedding embed(List<String> texts, Optional<String> model) throws GenAiException {
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("There is nothing to embed");
        }
        Embedding embedding = http.call(dialect.embed(texts, model), dialect::readEmbedding);
        statistics.tokens(embedding.usage().inputTokens().orElse(0), 0);
        return embedding;
    }

    private ChatRequest named(ChatRequest request) throws GenAiException {
        return needsModel(request.model())
                ? request.toBuilder().model(servedModel()).build()
                : request;
    }

    private boolean needsModel(Optional<String> wanted) {
        return wanted.isEmpty() && defaults.model().isEmpty() && dialect.servesOneModel();
    }

    /** A local server usually has one model loaded, and whoever starts it does not want to name it twice. */
    private String servedModel() throws GenAiException {
        return listModels().stream()
                .map(LlmModel::id)
                .filter(id -> !id.contains("embed"))
                .findFirst()
                .orElseThrow(() -> new GenAiException(
                        FailureCategory.NOT_FOUND,
                        settings.name()
                                + " offers no model, and neither the request nor the pool's property model names "
                                + "one"));
    }

    private ChatResponse counted(ChatResponse response) {
        statistics.tokens(
                response.usage().inputTokens().orElse(0),
                response.usage().outputTokens().orElse(0));
        return response;
    }

    List<LlmModel> listModels() throws GenAiException {
        List<LlmModel> models = new ArrayList<>();
        Optional<String> after = Optional.empty();
        do {
            Dialect.ModelPage page = http.call(dialect.models(after), dialect::readModels);
            models.addAll(page.models());
            after = page.next();
        } while (after.isPresent());
        return List.copyOf(models);
    }

    /** A sign of life, quickly, without retries and without tokens; any answer but a refusal of the key will do. */
    void probe(Duration timeout) throws GenAiException {
        http.call(dialect.probe(), answer -> answer, settings.once(timeout));
    }
}
