package org.genaiconnector.testkit.llm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.Handler;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.HttpServer;
import org.genaiconnector.testkit.Simulator;
import org.genaiconnector.testkit.Traffic;

/**
 * A simulated LLM service that speaks the OpenAI and the Anthropic protocol on one port and answers without a model, always the same to the
 * same request: scenes of a story, JSON for a schema, tool calls, small talk. No model, no key, no network needed.
 *
 * <pre>{@code
 * try (LlmSimulator llm = LlmSimulator.start()) {
 *     llm.script().says("Hello");                         // or leave the answer to the simulator
 *     llm.faults().next(Fault.resetBeforeResponse());
 *     ... connect to llm.openAiUri() or llm.anthropicUri() ...
 * }
 * }</pre>
 */
public final class LlmSimulator implements Simulator {
    private final HttpServer server;
    private final LlmHandler handler;
    private final OpenAiFlavour flavour;
    private final Script script = new Script();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Duration chunkDelay;

    private LlmSimulator(Builder builder) throws IOException {
        Settings settings = builder.settings();
        flavour = builder.profile.flavour(settings);
        chunkDelay = settings.chunkDelay();
        handler = new LlmHandler(settings, flavour, script, this::pause);
        server = HttpServer.start("llm-simulator", builder.port, builder.tls, builder.wrapper.apply(handler));
        Duration keepAlive = builder.keepAlive == null ? flavour.keepAlive() : builder.keepAlive;
        if (keepAlive != null) {
            server.faults().keepAlive(keepAlive);
        }
    }

    /** Starts a simulator of OpenAI and Anthropic on a free port that accepts any key and any model name. */
    public static LlmSimulator start() {
        return builder().start();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The base address of the OpenAI protocol, such as {@code http://127.0.0.1:41234/v1}. */
    public URI openAiUri() {
        return URI.create(uri() + "/v1");
    }

    /** The base address of the Anthropic protocol, such as {@code http://127.0.0.1:41234}. */
    public URI anthropicUri() {
        return uri();
    }

    @Override
    public URI uri() {
        return server.uri();
    }

    @Override
    public Faults faults() {
        return server.faults();
    }

    @Override
    public Traffic traffic() {
        return server.faults().traffic();
    }

    /** Answers laid down in advance. */
    public Script script() {
        return script;
    }

    /**
     * Makes the simulator behave as while it loads its model, until changed: 503, in the Anthropic protocol 529;
     * vLLM does not listen.
     */
    public LlmSimulator loading(boolean now) {
        handler.loading(now);
        if (!flavour.listensWhileLoading()) {
            if (now) {
                faults().stopListening();
            } else {
                faults().listen();
            }
        }
        return this;
    }

    @Override
    public void close() {
        closed.countDown();
        server.close();
    }

    private void pause() throws IOException {
        try {
            if (!chunkDelay.isZero() && closed.await(chunkDelay.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("the simulator has been closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted in a stream", e);
        }
    }

    /** What a simulator is to be like; every method returns this builder. */
    public static final class Builder {
        private static final int USUAL_CONTEXT = 128_000;
        private static final long USUAL_BODY_LIMIT = 32L << 20;

        private int port;
        private Profile profile = Profile.OPENAI;
        private Set<String> keys = Set.of();
        private List<String> models = List.of();
        private int contextSize = USUAL_CONTEXT;
        private boolean contextShift = true;
        private long maxBodyBytes = USUAL_BODY_LIMIT;
        private Duration chunkDelay = Duration.ZERO;
        private Duration keepAlive;
        private boolean jinja;
        private boolean embeddingsOnly;
        private SSLContext tls;
        private UnaryOperator<Handler> wrapper = UnaryOperator.identity();

        private Builder() {}

        /** The port on 127.0.0.1; 0 (the default): any free one. */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /** Whose oddities to show in the OpenAI protocol; by default OpenAI's own. */
        public Builder profile(Profile server) {
            profile = server;
            return this;
        }

        /** The API keys to accept; without any (the default) every key will do, and none. */
        public Builder apiKeys(String... accepted) {
            keys = new LinkedHashSet<>(List.of(accepted));
            return this;
        }

        /** The only models there are; without any (the default) every name will do. */
        public Builder models(String... names) {
            models = List.of(names);
            return this;
        }

        /** Most tokens of a request; 128,000 by default. */
        public Builder contextSize(int tokens) {
            contextSize = tokens;
            return this;
        }

        /** Whether {@link Profile#LLAMACPP} cuts a prompt that is too long (the default) or refuses it. */
        public Builder contextShift(boolean cuts) {
            contextShift = cuts;
            return this;
        }

        /** Largest request body in bytes; 32 MB by default. A larger one is read and answered with 413. */
        public Builder maxBodyBytes(long bytes) {
            maxBodyBytes = bytes;
            return this;
        }

        /** The pause before each piece of text in a stream; none by default. */
        public Builder chunkDelay(Duration pause) {
            chunkDelay = pause;
            return this;
        }

        /** How long a connection may be idle before the simulator closes it; by default as the profile says. */
        public Builder keepAlive(Duration idle) {
            keepAlive = idle;
            return this;
        }

        /** Whether {@link Profile#LLAMACPP} can call tools, as if started with {@code --jinja}; not by default. */
        public Builder jinja(boolean on) {
            jinja = on;
            return this;
        }

        /** Whether {@link Profile#LLAMACPP} was started for embeddings and for nothing else; not by default. */
        public Builder embeddingsOnly(boolean on) {
            embeddingsOnly = on;
            return this;
        }

        /** Serve TLS with this server certificate; plain HTTP by default. */
        public Builder tls(SSLContext context) {
            tls = context;
            return this;
        }

        /** Something to put between the fault layer and the simulator. */
        public Builder wrap(UnaryOperator<Handler> handlerWrapper) {
            wrapper = handlerWrapper;
            return this;
        }

        /**
         * Starts the simulator.
         *
         * @throws UncheckedIOException if the port is not free
         */
        public LlmSimulator start() {
            try {
                return new LlmSimulator(this);
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }

        Settings settings() {
            return new Settings(
                    keys, models, contextSize, contextShift, maxBodyBytes, chunkDelay, jinja, embeddingsOnly);
        }
    }
}
