package org.genaiconnector.ra.llm;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.Credentials;
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

/** A wire protocol: how requests are written and answers read. Has no state; used by all connections of a factory. */
sealed interface Dialect permits OpenAiDialect, AnthropicDialect {

    /** The model is the one to be named, whatever the request says. */
    HttpCall chat(ChatRequest request, String model) throws GenAiException;

    ChatResponse readChat(HttpAnswer answer) throws GenAiException;

    /** As {@link #chat}, but to be answered piece by piece. */
    HttpCall stream(ChatRequest request, String model) throws GenAiException;

    StreamDecoder decoder(OpenAnswer answer);

    HttpCall complete(CompletionRequest request, String model) throws GenAiException;

    ChatResponse readCompletion(HttpAnswer answer) throws GenAiException;

    HttpCall embed(EmbeddingRequest request, String model) throws GenAiException;

    Embedding readEmbedding(HttpAnswer answer, EmbeddingRequest request) throws GenAiException;

    /**
     * One page of models.
     *
     * @param after the last model of the page before, empty for the first page
     */
    HttpCall models(Optional<String> after);

    ModelPage readModels(HttpAnswer answer) throws GenAiException;

    /** Whether a request without model means whatever the server offers. */
    boolean servesOneModel();

    /** The cheapest request that a healthy server answers; it must cost no tokens. */
    HttpCall probe();

    /**
     * Models, and where to go on.
     *
     * @param models in the service's order
     * @param next empty on the last page
     */
    record ModelPage(List<LlmModel> models, Optional<String> next) {}

    /**
     * What a service gives goes back to the same service only.
     *
     * @param protocol how it is spoken to
     * @param server its base address, of which neither user nor query count
     * @return see {@link org.genaiconnector.llm.ProviderData#origin()}
     */
    static String origin(String protocol, URI server) {
        String authority = server.getRawAuthority() == null ? "" : server.getRawAuthority();
        String path = server.getRawPath() == null ? "" : server.getRawPath().replaceAll("/+$", "");
        return protocol + " " + server.getScheme() + "://"
                + authority.substring(authority.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT) + path;
    }

    /** The headers that carry credentials and what else every request has. */
    static Map<String, String> headers(Provider provider, Optional<Credentials> credentials) {
        return provider == Provider.ANTHROPIC
                ? AnthropicDialect.headers(credentials)
                : OpenAiDialect.headers(credentials);
    }
}
