package org.genaiconnector.storyboard.tests.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.genaiconnector.storyboard.server.Asadmin;
import org.genaiconnector.storyboard.tests.Backends;
import org.genaiconnector.storyboard.tests.ListeningSockets;
import org.genaiconnector.storyboard.tests.Rest;
import org.genaiconnector.testkit.FreePort;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** An unpacked Payara Server, which listens on all addresses: configured, extended by pools, cleaned up, and closed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@EnabledIfSystemProperty(named = "slow", matches = "true", disabledReason = "takes long: -Dslow=true")
class FreshServerIT {

    private static final String HOST = "127.0.0.1";
    private static final String OLD_KEY = "sk-old-5512";
    private static final String NEW_KEY = "sk-new-8817";
    private static final Path PAYARA =
            Path.of(System.getProperty("storyboard.server")).resolve("payara6");
    private static final String SECOND = "resources.connector-connection-pool.genai/llm-second.property.";

    private final ComfyUiSimulator comfyUi = ComfyUiSimulator.start();
    private final LlmSimulator llm = LlmSimulator.builder().apiKeys(OLD_KEY).start();
    private final Path work;
    private final int adminPort;
    private final int httpPort;
    private final Asadmin asadmin;
    private String fresh;

    FreshServerIT() throws IOException {
        work = Files.createTempDirectory("fresh");
        adminPort = FreePort.reserve();
        httpPort = FreePort.reserve();
        asadmin = new Asadmin(
                PAYARA,
                List.of("--host", HOST, "--port", Integer.toString(adminPort)),
                Map.of(),
                Duration.ofMinutes(5));
    }

    @BeforeAll
    void start() throws Exception {
        Path original = PAYARA.resolve("glassfish/domains/domain1");
        try (Stream<Path> files = Files.walk(original)) {
            for (Path file : files.toList()) {
                Files.copy(file, work.resolve("domain1").resolve(original.relativize(file)));
            }
        }
        Path configuration = work.resolve("domain1/config/domain.xml");
        Files.writeString(
                configuration,
                Files.readString(configuration)
                        .replaceFirst("listener port=\"4848\"", "listener port=\"" + adminPort + "\"")
                        .replaceFirst("listener port=\"8080\"", "listener port=\"" + httpPort + "\"")
                        .replaceFirst("listener port=\"8181\"", "listener port=\"" + FreePort.reserve() + "\""));
        startDomain();
        fresh = inventory();
    }

    @AfterAll
    void stop() throws Exception {
        try (asadmin) {
            stopDomain();
        } finally {
            comfyUi.close();
            llm.close();
        }
    }

    @Test
    @Order(1)
    void getsPoolsOfSeveralNames() throws Exception {
        assertThat(configure(Map.of("LLM_API_KEY", OLD_KEY)).output()).contains("ComfyUI and the LLM service answer");

        Script second = configure(
                Map.of("GENAI_NAME", "second", "GENAI_POOLS", "llm", "LLM_API_KEY", OLD_KEY, "LLM_MODEL", "other"));

        assertThat(second.output()).contains("configured; the LLM service answers");
        assertThat(inventory())
                .contains("genai/comfyui\n", "genai/llm\n", "genai/llm-second\n", "eis/genai/llm-second\n")
                .contains("genai-llm-api-key\n", "genai-llm-api-key-second\n")
                .doesNotContain("genai/comfyui-second");
        assertThat(asadmin("get", SECOND + "*"))
                .contains("model=other", "poolName=genai/llm-second", "{ALIAS=genai-llm-api-key-second}");
        assertThat(asadmin("get", SECOND.replace("-second", "") + "*")).contains("model=simulator");
    }

    @Test
    @Order(2)
    void reportsWhatIsWrongInsteadOfSuccess() throws Exception {
        Script wrong = configure(Map.of("LLM_API_KEY", "sk-mistyped"));

        assertThat(wrong.status()).isEqualTo(1);
        assertThat(wrong.output())
                .contains("Ping Connection Pool failed for genai/llm", "API key")
                .doesNotContain("answer.", "answers.", "sk-mistyped");
        assertThat(configure(Map.of("LLM_API_KEY", OLD_KEY)).status()).isZero();
    }

    @Test
    @Order(3)
    void sendsNoKeyToTheServiceOfAnotherProvider() throws Exception {
        // nothing of this test leaves the machine
        asadmin("set", SECOND + "proxyHost=" + HOST);
        asadmin("set", SECOND + "proxyPort=1");
        Map<String, String> other = new HashMap<>(environment());
        other.keySet().removeIf(variable -> variable.startsWith("LLM_"));
        other.putAll(Map.of("GENAI_NAME", "second", "GENAI_POOLS", "llm", "LLM_PROVIDER", "OPENAI"));
        other.put("LLM_API_KEY", NEW_KEY);

        Script changed = Script.run("payara-server/configure.sh", other);

        assertThat(changed.output()).contains("Ping Connection Pool failed for genai/llm-second");
        assertThat(asadmin("get", SECOND + "*"))
                .contains("provider=OPENAI", "{ALIAS=genai-llm-api-key-second}")
                .doesNotContain("serverUrl=", "model=");
        assertThat(llm.traffic().requests())
                .isNotEmpty()
                .noneSatisfy(
                        request -> assertThat(request.header("Authorization")).contains("Bearer " + NEW_KEY));
    }

    @Test
    @Order(4)
    void refusesWhatItDoesNotUnderstand() throws Exception {
        assertThat(configure(Map.of("GENAI_NAME", "a b")).output()).contains("GENAI_NAME", "\"a b\"");
        assertThat(configure(Map.of("GENAI_POOLS", "lmm")).output()).contains("GENAI_POOLS", "\"lmm\"");
        assertThat(configure(Map.of("GENAI_TARGET", "nowhere")).output()).contains("nowhere");
        assertThat(Script.run("payara-server/configure.sh", environment(), "--delete")
                        .output())
                .contains("--remove", "--delete");
    }

    @Test
    @Order(5)
    void removesThePoolsOfOneName() throws Exception {
        Map<String, String> second = new HashMap<>(environment());
        second.put("GENAI_NAME", "second");

        Script removed = Script.run("payara-server/configure.sh", second, "--remove");

        assertThat(removed.status()).as(removed.output()).isZero();
        assertThat(inventory()).contains("genai/llm\n", "genai-llm-api-key\n").doesNotContain("second");
        asadmin("ping-connection-pool", "genai/llm");
    }

    @Test
    @Order(6)
    void isUnchangedAfterEverythingIsRemoved() throws Exception {
        Script removed = Script.run("payara-server/configure.sh", environment(), "--remove");

        assertThat(removed.status()).as(removed.output()).isZero();
        assertThat(inventory()).isEqualTo(fresh);
        assertThat(Files.readString(work.resolve("domain1/config/domain.xml"))).doesNotContain("genai");
        assertThat(Script.run("payara-server/configure.sh", environment(), "--remove")
                        .status())
                .as("again")
                .isZero();
    }

    @Test
    @Order(7)
    void listensOnTheLoopbackAddressOnlyAfterItWasClosed() throws Exception {
        assertThat(ListeningSockets.reachableFromOutside(List.of(process()))).isNotEmpty();

        Script closed = Script.run("payara-server/configure.sh", environment(), "--close");
        assertThat(closed.output()).contains("restart");
        stopDomain();
        startDomain();

        assertThat(ListeningSockets.touch(List.of(process())).assertOnLoopbackOnly())
                .isEqualTo(3);
        assertThat(new Rest(URI.create("http://" + HOST + ":" + httpPort))
                        .get("/nowhere")
                        .headers()
                        .map())
                .doesNotContainKeys("Server", "server", "X-Powered-By", "x-powered-by");
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Backends.environment(comfyUi, llm));
        environment.put("ASADMIN", PAYARA.resolve("bin/asadmin").toString());
        environment.put("AS_ADMIN_HOST", HOST);
        environment.put("AS_ADMIN_PORT", Integer.toString(adminPort));
        return environment;
    }

    private Script configure(Map<String, String> more) throws IOException, InterruptedException {
        Map<String, String> environment = environment();
        environment.putAll(more);
        return Script.run("payara-server/configure.sh", environment);
    }

    /** Names of everything that the script may have created. */
    private String inventory() throws IOException {
        StringBuilder all = new StringBuilder();
        for (List<String> list : List.of(
                List.of("list-connector-connection-pools"),
                List.of("list-connector-resources", "domain"),
                List.of("list-applications", "domain"),
                List.of("list-resource-adapter-configs"),
                List.of("list-threadpools", "server"),
                List.of("list-password-aliases"))) {
            all.append(asadmin(list.toArray(String[]::new))).append('\n');
        }
        // Payara creates its defaults at any time
        return all.toString()
                .lines()
                .filter(line -> !line.startsWith("jms/__default"))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private String asadmin(String... command) throws IOException {
        return asadmin.run(command);
    }

    private void startDomain() throws IOException {
        asadmin("start-domain", "--domaindir", work.toString(), "domain1");
    }

    private void stopDomain() throws Exception {
        ProcessHandle server = process();
        server.destroy();
        server.onExit().get(1, TimeUnit.MINUTES);
    }

    private ProcessHandle process() throws IOException {
        String pid = Files.readString(work.resolve("domain1/config/pid")).strip();
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }
}
