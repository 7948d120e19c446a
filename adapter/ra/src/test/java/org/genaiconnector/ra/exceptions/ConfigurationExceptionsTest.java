package org.genaiconnector.ra.exceptions;

import jakarta.resource.NotSupportedException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapter;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.function.Consumer;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.http.Certificates;
import org.genaiconnector.ra.inflow.ComfyUiActivationSpec;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a wrong configuration of a pool or of a message-driven bean is refused with. */
class ConfigurationExceptionsTest {

    static List<ExceptionExample> examples() {
        return List.of(
                llm(
                        "serverUrl must be an address such as http://host:8188, without user and fragment (credentials have"
                                + " properties of their own)",
                        "Give the address with `http://` or `https://` and a host.",
                        pool -> pool.setServerUrl("gpu-box:8188")),
                llm(
                        "serverUrl is not an address: ... at position ...",
                        "Correct the character at that position.",
                        pool -> pool.setServerUrl("http://gpu box:8188")),
                llm(
                        "serverUrl contains ..., a placeholder that the application server does not know",
                        "Define it: [placeholders](deploying.md#the-same-on-each-application-server).",
                        pool -> pool.setServerUrl("http://${gpu.box}:8188")),
                llm(
                        "connectTimeoutMillis must be 1 or more, but is 0",
                        "Give a number in the range. `responseTimeoutMillis`, `callTimeoutMillis`, `circuitOpenMillis`,"
                                + " `maxInFlight` and `maxAttempts` are checked likewise; `maxRetries`, `retryDelayMillis`,"
                                + " `circuitFailures`, `maxOutputTokens`, `temperature`, `lostAfterMillis`,"
                                + " `failoverMillis` and `queueTimeoutMillis` may be 0. Of the resource adapter, `jobStoreLeaseMillis` is 1000 or more,"
                                + " `jobRetentionHours` and `jobRetentionCount` 0 or more.",
                        pool -> pool.setConnectTimeoutMillis(0)),
                llm(
                        "apiKeyHeader must be the name of a header, but is ...",
                        "Give only the name, such as `X-Api-Key`.",
                        pool -> pool.setApiKeyHeader("X Key: 1")),
                llm(
                        "apiKey contains a character that no HTTP header can carry: only visible characters of Latin-1 are"
                                + " possible",
                        "Look for line breaks or quotation marks that were copied with the key. `password` and `extraHeaders` are"
                                + " checked likewise.",
                        pool -> pool.setApiKey("sk-\u20ac")),
                llm(
                        "apiKeyFile leads to no file: ...",
                        "Correct the path, or mount the file. It must be a regular file.",
                        pool -> pool.setApiKeyFile("/no/such/key")),
                llm(
                        "apiKeyFile leads to a file without a key in its first line: ...",
                        "Write the key into the first line.",
                        pool -> pool.setApiKeyFile(file("\n"))),
                llm(
                        "apiKeyFile leads to a key with a character that no HTTP header can carry: only visible characters of Latin-1"
                                + " are possible: ...",
                        "Write the key as text in UTF-8, without other signs.",
                        pool -> pool.setApiKeyFile(file("sk-\u20ac"))),
                llm(
                        "extraHeaders must look like Name=value,Other=value, but part 2 of it does not",
                        "Correct that part; a value that has a comma cannot be configured.",
                        pool -> pool.setExtraHeaders("A=1,B")),
                llm(
                        "extraHeaders must not contain ...",
                        "Remove the header: the adapter sets it.",
                        pool -> pool.setExtraHeaders("Content-Length=1")),
                llm("proxyPort must be 1 to 65535, but is ...", "Give the port of the proxy.", pool -> {
                    pool.setProxyHost("proxy");
                    pool.setProxyPort(0);
                }),
                llm(
                        "keyStoreFile cannot be read: ...: ...",
                        "Correct the path. `trustStoreFile` is checked likewise.",
                        pool -> pool.setKeyStoreFile("/no/such/store")),
                llm(
                        "trustStorePassword does not open ...",
                        "Correct the password. `keyStorePassword` is checked likewise.",
                        pool -> {
                            pool.setTrustStoreFile(emptyStore());
                            pool.setTrustStorePassword("wrong");
                        }),
                llm(
                        "keyStorePassword does not open the key in ...",
                        "Give the key the password of its store: `keytool -keypasswd`.",
                        pool -> {
                            pool.setKeyStoreFile(storeWithOtherKeyPassword());
                            pool.setKeyStorePassword("secret");
                        }),
                llm(
                        "trustStorePassword is missing, or ... contains no usable entry",
                        "Set the password, or put the service's certificate into the store.",
                        pool -> pool.setTrustStoreFile(emptyStore())),
                llm(
                        "trustStoreFile contains no usable entry: ...",
                        "Put the service's certificate into the store. `keyStoreFile` needs a key with its certificate.",
                        pool -> {
                            pool.setTrustStoreFile(emptyStore());
                            pool.setTrustStorePassword("secret");
                        }),
                llm("temperature must be 0 or more, but is ...", "Give 0 or more.", pool -> pool.setTemperature(-1.0)),
                llm(
                        "provider must be one of [OPENAI, ..., LM_STUDIO], but is ...",
                        "Give one of the names; for other services LOCAL.",
                        pool -> pool.setProvider("OPEN_AI")),
                llm(
                        "serverUrl is required for AZURE, where each customer has another one",
                        "Give the address of your resource: `https://RESOURCE.openai.azure.com/openai/v1`.",
                        pool -> {
                            pool.setServerUrl(null);
                            pool.setProvider("AZURE");
                        }),
                llm(
                        "serverUrl needs ?api-version= at its end, as every address of Azure with a deployment in it",
                        "Add it, such as `?api-version=2024-10-21`, or give the address that ends with `/openai/v1`.",
                        pool -> {
                            pool.setServerUrl("https://studio.openai.azure.com/openai/deployments/gpt");
                            pool.setProvider("AZURE");
                        }),
                llm(
                        "tokenUrl cannot stand beside apiKey, apiKeyFile or password: a call has one kind of credentials",
                        "Remove one of them.",
                        pool -> {
                            pool.setApiKey("sk-1");
                            pool.setTokenUrl("https://login.example/token");
                        }),
                llm(
                        "tokenUrl must be an address such as https://login.example/oauth2/token, without user",
                        "Give the address of the token endpoint.",
                        pool -> pool.setTokenUrl("login.example/token")),
                llm(
                        "tokenUrl is not an address: ... at position ...",
                        "Correct the character at that position.",
                        pool -> pool.setTokenUrl("https://login example/token")),
                llm(
                        "clientId is required with tokenUrl",
                        "Set it; `clientSecret` is checked likewise.",
                        pool -> pool.setTokenUrl("https://login.example/token")),
                llm(
                        "unsupportedFields must be one of [...], but is ...",
                        "Give one of the names.",
                        pool -> pool.setUnsupportedFields("IGNORE")),
                llm(
                        "maxTokensField has no meaning for ANTHROPIC, whose protocol knows max_tokens only",
                        "Remove it.",
                        pool -> {
                            pool.setProvider("ANTHROPIC");
                            pool.setMaxTokensField("max_tokens");
                        }),
                llm(
                        "omittedFields cannot leave out messages, without which no request makes sense",
                        "Remove the name. `input`, `prompt` and `stream` are checked likewise.",
                        pool -> pool.setOmittedFields("messages")),
                llm(
                        "omittedFields must be names of members, separated by commas, but has \"...\"",
                        "Correct the name.",
                        pool -> pool.setOmittedFields("temperature; top_p")),
                comfyUi(
                        "apiPath must be a path such as /api, or ...",
                        "Give a path that begins with a slash.",
                        pool -> pool.setApiPath(null)),
                bean("jobs must be ..., but is ...", "Give one of the names.", spec -> spec.setJobs("MINE")),
                bean(
                        "events must be ... or several, separated by commas, but is ...",
                        "Give one or several of the names.",
                        spec -> spec.setEvents("STARTED")),
                bean(
                        "maxConcurrency must be 1 or more, but is 0",
                        "Give a number in the range. `progressMillis`, `redeliveryAttempts`, `redeliveryDelayMillis` and"
                                + " `lostAfterMillis` may be 0.",
                        spec -> spec.setMaxConcurrency(0)),
                bean(
                        "serverUrl is missing: jobs=ALL means all jobs of this server",
                        "Name the ComfyUI whose jobs the bean gets.",
                        spec -> spec.setJobs("ALL")),
                bean(
                        "subscription must have 1 to 100 characters, but has ...",
                        "Give a shorter name.",
                        spec -> spec.setSubscription("s".repeat(101))),
                bean(
                        "subscription is ..., but jobs=ALL: a job store knows only jobs that are submitted through the adapter; remove"
                                + " one of the two",
                        "Remove `jobs`, or give the bean no `subscription`.",
                        spec -> {
                            spec.setServerUrl("http://gpu-box:8188");
                            spec.setJobs("ALL");
                            spec.setSubscription("mail");
                        }),
                bean(
                        "subscription is ..., but events=...: only ends are durable; add ENDS, or remove subscription",
                        "Add `ENDS` to `events`.",
                        spec -> {
                            spec.setEvents("PROGRESS");
                            spec.setSubscription("mail");
                        }),
                wrong(
                        "subscription is ..., but there is no job store: set jobStore of the resource adapter, or of this activation",
                        "Give the JNDI name of a data source ([job-store.md](job-store.md#durable-subscriptions)).",
                        () -> {
                            ComfyUiActivationSpec spec = new ComfyUiActivationSpec();
                            spec.setSubscription("mail");
                            GenAiResourceAdapter adapter = new GenAiResourceAdapter();
                            adapter.start(new TestContainer());
                            adapter.endpointActivation(null, spec);
                        }),
                ExceptionExample.of(
                        NotSupportedException.class,
                        "The GenAI connector activates message-driven beans by a"
                                + " org.genaiconnector.ra.inflow.ComfyUiActivationSpec, not by ...",
                        "Let the bean implement `ComfyUiJobListener`, and no listener of another adapter.",
                        () -> new GenAiResourceAdapter().endpointActivation(null, new OtherSpec())));
    }

    /** Of another adapter. */
    private static final class OtherSpec implements ActivationSpec {
        @Override
        public void validate() {
            // always valid
        }

        @Override
        public ResourceAdapter getResourceAdapter() {
            return null;
        }

        @Override
        public void setResourceAdapter(ResourceAdapter adapter) {
            // needs none
        }

        @Override
        public String toString() {
            return "OtherSpec";
        }
    }

    private static ExceptionExample llm(String words, String remedy, Consumer<LlmManagedConnectionFactory> mistake) {
        return wrong(words, remedy, () -> {
            LlmManagedConnectionFactory pool = new LlmManagedConnectionFactory();
            mistake.accept(pool);
            pool.createManagedConnection(null, null);
        });
    }

    private static ExceptionExample comfyUi(
            String words, String remedy, Consumer<ComfyUiManagedConnectionFactory> mistake) {
        return wrong(words, remedy, () -> {
            ComfyUiManagedConnectionFactory pool = new ComfyUiManagedConnectionFactory();
            mistake.accept(pool);
            pool.createManagedConnection(null, null);
        });
    }

    private static ExceptionExample bean(String words, String remedy, Consumer<ComfyUiActivationSpec> mistake) {
        return wrong(words, remedy, () -> {
            ComfyUiActivationSpec spec = new ComfyUiActivationSpec();
            mistake.accept(spec);
            spec.validate();
        });
    }

    private static ExceptionExample wrong(
            String words, String remedy, org.assertj.core.api.ThrowableAssert.ThrowingCallable provoke) {
        return ExceptionExample.of(InvalidPropertyException.class, "Configuration property " + words, remedy, provoke);
    }

    private static String emptyStore() {
        return store((alias, store) -> {});
    }

    private static String storeWithOtherKeyPassword() {
        return store((alias, store) -> {
            Certificates made = Certificates.make(Files.createTempDirectory("keys"), alias, "ip:127.0.0.1");
            char[] password = Certificates.PASSWORD.toCharArray();
            KeyStore source = KeyStore.getInstance(new File(made.keyStore()), password);
            store.setKeyEntry(
                    alias, source.getKey(alias, password), "other".toCharArray(), source.getCertificateChain(alias));
        });
    }

    @FunctionalInterface
    private interface Entries {
        void putInto(String alias, KeyStore store) throws Exception;
    }

    /** A store of password {@code secret}. */
    private static String store(Entries entries) {
        try {
            Path file = Files.createTempFile("store", ".p12");
            file.toFile().deleteOnExit();
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            entries.putInto("client", store);
            try (OutputStream out = Files.newOutputStream(file)) {
                store.store(out, "secret".toCharArray());
            }
            return file.toString();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String file(String text) {
        try {
            Path file = Files.createTempFile("key", ".txt");
            file.toFile().deleteOnExit();
            return Files.writeString(file, text).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isRefused(ExceptionExample example) {
        example.check();
    }

    @Test
    void isDocumented() throws IOException {
        ExceptionExample.assertDocumented("configuration", examples());
    }
}
