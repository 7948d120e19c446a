package org.genaiconnector.benchmarks.compare;

import java.io.IOException;
import java.net.URI;

/** A way to talk to a language model, used by several threads at once. */
interface ChatClient extends AutoCloseable {
    /** What every client asks. */
    String PROMPT = "One vivid sentence for a painter: a lighthouse at dusk";

    /** The key that every client sends. */
    String KEY = "sk-0123456789abcdef";

    /** A chat. */
    String chat() throws Exception;

    /** A chat as a stream; gives the number of pieces of text. */
    int stream() throws Exception;

    @Override
    void close() throws IOException;

    /** All there are. */
    enum Kind {
        DIRECT_OPENAI("this adapter, OpenAI, DIRECT", uri -> new AdapterClient("OPENAI", "DIRECT", uri)),
        DIRECT_ANTHROPIC("this adapter, Anthropic, DIRECT", uri -> new AdapterClient("ANTHROPIC", "DIRECT", root(uri))),
        JERSEY_OPENAI("this adapter, OpenAI, JERSEY", uri -> new AdapterClient("OPENAI", "JERSEY", uri)),
        JERSEY_ANTHROPIC("this adapter, Anthropic, JERSEY", uri -> new AdapterClient("ANTHROPIC", "JERSEY", root(uri))),
        OPENAI_JAVA("openai-java", OpenAiJavaClient::new),
        ANTHROPIC_JAVA("anthropic-java", uri -> new AnthropicJavaClient(root(uri))),
        LANGCHAIN4J("LangChain4j, OpenAI", LangChain4jClient::new),
        JERSEY("Jersey on Apache HttpClient 5, JSON-P", JerseyClient::new),
        JDK("JDK HttpClient, JSON-P", JdkClient::new),
        APACHE("Apache HttpClient 5, JSON-P", ApacheClient::new);

        final String title;
        private final Maker maker;

        Kind(String title, Maker maker) {
            this.title = title;
            this.maker = maker;
        }

        /** Makes one for a backend, given the base address of the OpenAI protocol. */
        ChatClient connect(URI server) throws Exception {
            return maker.make(server);
        }

        private static URI root(URI uri) {
            return uri.resolve("/");
        }

        @FunctionalInterface
        private interface Maker {
            ChatClient make(URI server) throws Exception;
        }
    }
}
