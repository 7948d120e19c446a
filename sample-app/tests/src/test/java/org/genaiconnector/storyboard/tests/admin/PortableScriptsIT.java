package org.genaiconnector.storyboard.tests.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.storyboard.tests.Eventually.eventually;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.genaiconnector.servers.GlassFishServer;
import org.genaiconnector.servers.Jvm;
import org.genaiconnector.servers.LibertyServer;
import org.genaiconnector.servers.Listeners;
import org.genaiconnector.servers.ManagedServer;
import org.genaiconnector.servers.WildFlyServer;
import org.genaiconnector.storyboard.tests.Backends;
import org.genaiconnector.storyboard.tests.Rest;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of GlassFish, WildFly and Open Liberty: twice, with a wrong key, with an application, and away again. */
@EnabledIfSystemProperty(
        named = "storyboard.portable",
        matches = ".+",
        disabledReason = "it takes minutes and three distributions: -Pservers")
class PortableScriptsIT {

    private static final String KEY = "sk-portable-\"3\\e";
    private static final String WAR = "second.war";

    private final Path home = Path.of(System.getProperty("storyboard.portable"));
    private final ComfyUiSimulator comfyUi = ComfyUiSimulator.start();
    private final LlmSimulator llm = LlmSimulator.builder().apiKeys(KEY).start();

    @TempDir
    private Path work;

    @AfterEach
    void stop() {
        comfyUi.close();
        llm.close();
    }

    private Path distribution(String prefix) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(home, prefix + "*")) {
            return found.iterator().next();
        }
    }

    private Map<String, String> backends() {
        return with(
                Backends.environment(comfyUi, llm),
                "GENAI_RAR",
                Path.of(System.getProperty("storyboard.micro"), "apps", "genai-connector.rar")
                        .toString());
    }

    private static Map<String, String> with(Map<String, String> environment, String name, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(name, value);
        return more;
    }

    private static String configure(String product, Map<String, String> environment, String... options)
            throws IOException, InterruptedException {
        Script script = Script.run(product + "/configure.sh", environment, options);
        assertThat(script.status()).as(script.output()).isZero();
        assertThat(script.output()).doesNotContain(KEY);
        return script.output();
    }

    private static String chat(ManagedServer server) throws Exception {
        return eventually(() -> new Rest(server.uri()).get("/second/chat"), answer -> answer.status() == 200)
                .text();
    }

    @Test
    void glassFishGetsPoolsThatWork() throws Exception {
        Listeners listeners = Listeners.free();
        try (GlassFishServer server = GlassFishServer.start(
                distribution("glassfish"), work.resolve("domains"), Jvm.current("-Xmx512m"), listeners)) {
            Path xml = work.resolve("domains/domain1/config/domain.xml");
            Map<String, String> environment = new HashMap<>(backends());
            environment.put(
                    "ASADMIN", distribution("glassfish").resolve("bin/asadmin").toString());
            environment.put("AS_ADMIN_HOST", Listeners.LOOPBACK);
            environment.put("AS_ADMIN_PORT", Integer.toString(listeners.administration()));

            Script wrong = Script.run("glassfish/configure.sh", with(environment, "LLM_API_KEY", "mistyped"));
            assertThat(wrong.status()).isEqualTo(1);
            assertThat(wrong.output())
                    .contains("Ping Connection Pool failed for", "jndiName=genai/llm", "API key")
                    .doesNotContain("mistyped");
            assertThat(configure("glassfish", with(environment, "LLM_API_KEY", KEY)))
                    .contains("ComfyUI and the LLM service answer");
            String configured = Files.readString(xml);
            configure("glassfish", environment);
            assertThat(Files.readString(xml)).isEqualTo(configured).doesNotContain(KEY);

            server.deploy(Archives.of(SecondApplication.class, work.resolve(WAR)));
            assertThat(chat(server)).isEqualTo("simulator");
            server.undeploy(WAR);
            // no thread pool, no Work Manager
            assertThat(Files.readString(server.log())).doesNotContain("AS-RAR-0500");

            assertThat(configure("glassfish", environment, "--close")).contains("restart");
            configure("glassfish", environment, "--remove");
            assertThat(Files.readString(xml)).doesNotContain("genai");
            configure("glassfish", environment, "--remove");
        }
    }

    @Test
    void wildFlyGetsPoolsThatWork() throws Exception {
        Path wildFly = distribution("wildfly");
        try (WildFlyServer server = WildFlyServer.start(
                wildFly, work.resolve("base"), Jvm.current("-Xmx512m"), Listeners.free(), "standalone.xml")) {
            Path xml = work.resolve("base/configuration/standalone.xml");
            Map<String, String> environment = new HashMap<>(backends());
            environment.put("JBOSS_CLI", wildFly.resolve("bin/jboss-cli.sh").toString());
            environment.put("JBOSS_CONTROLLER", Listeners.LOOPBACK + ":" + server.managementPort());

            assertThat(configure("wildfly", with(environment, "LLM_API_KEY", KEY)))
                    .contains("tested: comfyui;");
            String configured = Files.readString(xml);
            configure("wildfly", environment);
            assertThat(Files.readString(xml)).isEqualTo(configured).doesNotContain(KEY);

            server.deploy(Archives.of(
                    WildFlyApplication.class,
                    work.resolve(WAR),
                    "Manifest-Version: 1.0",
                    "Dependencies: deployment.genai-connector.rar"));
            assertThat(chat(server)).isEqualTo("simulator");
            server.undeploy(WAR);

            comfyUi.kill();
            Script down = Script.run("wildfly/configure.sh", with(environment, "COMFYUI_URL", "http://127.0.0.1:1"));
            assertThat(down.status()).isEqualTo(1);
            assertThat(down.output()).contains("WFLYJCA0040", "IJ000604");

            configure("wildfly", environment, "--remove");
            assertThat(Files.readString(xml)).doesNotContain("genai");
            configure("wildfly", environment, "--remove");
        }
    }

    @Test
    void openLibertyGetsPoolsThatWork() throws Exception {
        try (LibertyServer server = LibertyServer.start(
                distribution("wlp"),
                work.resolve("usr"),
                Jvm.current("-Xmx512m"),
                Listeners.free(),
                List.of("servlet-6.0"))) {
            Map<String, String> environment = new HashMap<>(backends());
            environment.put(
                    "LIBERTY_SERVER", work.resolve("usr/servers/defaultServer").toString());
            configure("open-liberty", with(environment, "LLM_API_KEY", KEY));
            eventually(() -> Files.readString(server.log()), log -> log.contains("J2CA7001I"));

            Path war = Archives.of(SecondApplication.class, work.resolve(WAR));
            server.configure(
                    "second",
                    "<webApplication id=\"second\" contextRoot=\"/second\" location=\"" + war + "\">"
                            + "<classloader classProviderRef=\"genai-connector\"/></webApplication>");
            assertThat(chat(server)).isEqualTo("simulator");
            configure("open-liberty", with(environment, "LLM_MODEL", "another"));
            eventually(
                    () -> new Rest(server.uri()).get("/second/chat"),
                    answer -> answer.text().equals("another"));

            server.configure("second", "");
            configure("open-liberty", environment, "--remove");
            eventually(() -> Files.readString(server.log()), log -> log.contains("J2CA7009I"));
            assertThat(Files.readString(server.log())).doesNotContain(KEY);
        }
    }
}
