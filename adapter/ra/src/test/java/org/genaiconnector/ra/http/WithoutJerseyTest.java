package org.genaiconnector.ra.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapterInternalException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.Callable;
import javax.management.ObjectName;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.inflow.CapturedLog;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("An application server without Jersey, or with one that the adapter cannot use")
@Timeout(60)
class WithoutJerseyTest {
    private static final String[] JAX_RS = {"jakarta.ws.rs", "org.glassfish.jersey"};
    private static final String VERSION = "org/glassfish/jersey/internal/build.properties";

    @Test
    @Produces(OperatorMessage.NO_JERSEY)
    void everythingWorksWithoutAnyClassOfJaxRs() throws Exception {
        try (IsolatedAdapter adapter = IsolatedAdapter.without(JAX_RS)) {
            assertThat(adapter.run(Calls.class)).isEqualTo("DIRECT");
        }
    }

    @Test
    void jerseyCannotBeDemanded() throws Exception {
        try (IsolatedAdapter adapter = IsolatedAdapter.without(JAX_RS)) {
            assertThat(adapter.run(JerseyDemanded.class))
                    .isEqualTo("Configuration property transport is JERSEY, but the application server has no Jersey"
                            + " Client that the adapter could use: the adapter sees no Jersey Client in it (class"
                            + " org.glassfish.jersey.client.JerseyClientBuilder); set it to AUTO or DIRECT");
        }
    }

    /** Stands for all versions but 3.1 and 4.0. */
    @Test
    void aJerseyOfAnotherVersionIsNotUsed() throws Exception {
        for (String version : new String[] {"3.0.17", "4.1.0"}) {
            try (IsolatedAdapter adapter = IsolatedAdapter.with(VERSION, "Build-Version: " + version)) {
                assertThat(adapter.run(Chosen.class)).isEqualTo("DIRECT");
                assertThat(adapter.run(JerseyDemanded.class))
                        .contains("its Jersey has version " + version + ", and the adapter can use only 3.1 and 4.0");
            }
        }
    }

    @Test
    void aJerseyThatCannotBuildAClientIsNotUsed() throws Exception {
        try (IsolatedAdapter adapter = IsolatedAdapter.without("org.glassfish.hk2")) {
            assertThat(adapter.run(Chosen.class)).isEqualTo("DIRECT");
            assertThat(adapter.run(JerseyDemanded.class)).contains("its Jersey Client cannot be used: ");
        }
    }

    @Test
    void thereIsOneMessageForAllFactories() throws Exception {
        try (IsolatedAdapter adapter = IsolatedAdapter.without(JAX_RS);
                CapturedLog log = CapturedLog.of(Exchanges.class)) {
            adapter.run(Chosen.class);
            adapter.run(Chosen.class);
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .startsWith(OperatorMessage.NO_JERSEY.id())
                    .contains("(transport DIRECT)", "because the adapter sees no Jersey Client in it");
        }
    }

    @Test
    void withoutJsonTheFirstConnectionSaysWhatIsMissing() throws Exception {
        for (String missing : new String[] {"jakarta.json", "org.eclipse.parsson"}) {
            try (IsolatedAdapter adapter = IsolatedAdapter.without(missing)) {
                assertThat(adapter.run(FirstConnection.class))
                        .startsWith("The application server gives the adapter no JSON-P 2.1 (package jakarta.json): ")
                        .contains("Add it to the application server, such as the feature jsonp-2.1 of Open Liberty");
            }
        }
    }

    /** Returns the transport in use. */
    public static final class Calls implements Callable<String> {
        private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();

        @Override
        public String call() throws Exception {
            adapter.start(new TestContainer());
            try {
                chat();
                moveFiles();
                return String.valueOf(ManagementFactory.getPlatformMBeanServer()
                        .getAttribute(new ObjectName("org.genaiconnector:type=Total"), "Transport"));
            } finally {
                adapter.stop();
            }
        }

        private void chat() throws Exception {
            try (LlmSimulator service = LlmSimulator.start()) {
                LlmManagedConnectionFactory pool = new LlmManagedConnectionFactory();
                pool.setResourceAdapter(adapter);
                pool.setServerUrl(service.openAiUri().toString());
                pool.setProbeOnCreate(
                        false); // whose limit is too short for the first call of a class loader on a busy machine
                pool.setModel("tiny");
                LlmConnectionFactory factory = (LlmConnectionFactory) pool.createConnectionFactory();
                try (LlmConnection connection = factory.getConnection()) {
                    assertThat(connection.chat(ChatRequest.of("Hello")).text()).isNotBlank();
                    try (ChatStream stream = connection.stream(ChatRequest.of("Hello"))) {
                        assertThat(stream.hasNext()).isTrue();
                        while (stream.hasNext()) {
                            assertThat(stream.next()).isNotNull();
                        }
                    }
                }
            }
        }

        private void moveFiles() throws Exception {
            byte[] content = new byte[300_000];
            Arrays.fill(content, (byte) 7);
            try (ComfyUiSimulator service = ComfyUiSimulator.start()) {
                ComfyUiManagedConnectionFactory pool = new ComfyUiManagedConnectionFactory();
                pool.setResourceAdapter(adapter);
                pool.setServerUrl(service.uri().toString());
                pool.setProbeOnCreate(false);
                ComfyUiConnectionFactory factory = (ComfyUiConnectionFactory) pool.createConnectionFactory();
                try (ComfyUiConnection connection = factory.getConnection();
                        Download download = connection.download(connection.uploadImage(Upload.of("a.png", content)))) {
                    assertThat(download.content().readAllBytes()).isEqualTo(content);
                }
            }
        }
    }

    /** Returns what AUTO means. */
    public static final class Chosen implements Callable<String> {
        @Override
        public String call() {
            return Exchanges.effective(TransportKind.AUTO).name();
        }
    }

    /** Returns the message of the failure. */
    public static final class FirstConnection implements Callable<String> {
        @Override
        public String call() throws Exception {
            try {
                new ComfyUiManagedConnectionFactory().createManagedConnection(null, null);
                return "";
            } catch (ResourceAdapterInternalException e) {
                return e.getMessage();
            }
        }
    }

    /** Returns the message of the failure. */
    public static final class JerseyDemanded implements Callable<String> {
        @Override
        public String call() throws Exception {
            LlmManagedConnectionFactory pool = new LlmManagedConnectionFactory();
            pool.setTransport("jersey");
            try {
                pool.createManagedConnection(null, null).destroy();
                return "";
            } catch (InvalidPropertyException e) {
                return e.getMessage();
            }
        }
    }
}
