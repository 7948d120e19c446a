package org.genaiconnector.ra.llm;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatResponse;
import org.genaiconnector.llm.CompletionRequest;
import org.genaiconnector.llm.Embedding;
import org.genaiconnector.llm.EmbeddingRequest;
import org.genaiconnector.llm.LlmModel;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.OpenAnswer;

/** A wire protocol: how requests are written and answers read. What is about a service is told by its {@link Provider}. Without state; all connections of a factory share one. */
sealed interface Dialect permits OpenAiDialect, AnthropicDialect {

    /** A chat. This model replaces the request's. */
    HttpCall chat(ChatRequest request, String model) throws GenAiException;

    ChatResponse readChat(HttpAnswer answer) throws GenAiException;

    /** As {@link #chat}, but the service answers piece by piece. */
    HttpCall stream(ChatRequest request, String model) throws GenAiException;

    StreamDecoder decoder(OpenAnswer answer);

    HttpCall complete(CompletionRequest request, String model) throws GenAiException;

    ChatResponse readCompletion(HttpAnswer answer) throws GenAiException;

    HttpCall embed(EmbeddingRequest request, String model) throws GenAiException;

    Embedding readEmbedding(HttpAnswer answer, EmbeddingRequest request) throws GenAiException;

    /** Counts the tokens of a chat; fails with category {@code UNSUPPORTED} where the service cannot. */
    HttpCall count(ChatRequest request, String model) throws GenAiException;

    long readCount(HttpAnswer answer) throws GenAiException;

    /**
     * One page of models.
     *
     * @param after the last model of the previous page; empty for the first page
     */
    HttpCall models(Optional<String> after);

    ModelPage readModels(HttpAnswer answer) throws GenAiException;

    /** Whether a request that names no model means the model that the service has loaded. */
    boolean servesOneModel();

    /** The cheapest request that a healthy service answers; it costs no tokens. */
    HttpCall probe();

    /**
     * Models of one page, and where the next page begins.
     *
     * @param models in the service's order
     * @param next empty on the last page
     */
    record ModelPage(List<LlmModel> models, Optional<String> next) {}

    /**
     * The name of a service. What a service gives goes back only to a service of the same name.
     *
     * @param protocol the service's protocol
     * @param server its base address; user and query do not count
     * @return the value for {@link org.genaiconnector.llm.ProviderData#origin()}
     */
    static String origin(String protocol, URI server) {
        String authority = server.getRawAuthority() == null ? "" : server.getRawAuthority();
        String path = server.getRawPath() == null ? "" : server.getRawPath().replaceAll("/+$", "");
        return protocol + " " + server.getScheme() + "://"
                + authority.substring(authority.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT) + path;
    }
}
