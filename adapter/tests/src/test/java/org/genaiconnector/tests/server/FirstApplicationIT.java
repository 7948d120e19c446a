package org.genaiconnector.tests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.genaiconnector.servers.Asadmin;
import org.genaiconnector.servers.GlassFishServer;
import org.genaiconnector.servers.Jvm;
import org.genaiconnector.servers.Listeners;
import org.genaiconnector.servers.MicroServer;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.genaiconnector.tests.inflow.bean.EndsBean;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application of docs/first-application.md, which defines its pools itself, beside a standalone adapter. */
class FirstApplicationIT {
    private static final String PICTURE = "picture?of=a+lighthouse";
    private static final String POLICY = "configs.config.server-config.connector-service.class-loading-policy=";

    private final ComfyUiSimulator comfyUi = ComfyUiSimulator.start();
    private final LlmSimulator llm = LlmSimulator.start();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        comfyUi.close();
        llm.close();
    }

    private Path application() throws Exception {
        return FirstApplication.compile(directory).war(Path.of("target", "illustrator.war"));
    }

    private Map<String, String> configuration() {
        return Map.of(
                "comfyui.url",
                comfyUi.uri().toString(),
                "llm.provider",
                "LOCAL",
                "llm.url",
                llm.openAiUri().toString(),
                "llm.model",
                "any");
    }

    @Test
    void paintsOnPayaraMicro() throws Exception {
        Path micro = Path.of(System.getProperty("archives"), "payara-micro.jar");
        Jvm jvm = Jvm.current(configuration().entrySet().stream()
                .map(setting -> "-D" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new));
        List<String> commands = List.of("deploy " + Archives.rar(), "deploy --contextroot / " + application());

        try (MicroServer server = MicroServer.start(
                micro, Path.of("target", "first-application-micro").toAbsolutePath(), jvm, commands, "/" + PICTURE)) {
            assertThat(server.get("/" + PICTURE)).contains("PNG");
        }
    }

    /** By default it fails in two ways, with the messages that docs/troubleshooting.md quotes. */
    @Test
    void paintsOnPayaraServerWhereThePolicyIsGlobal() throws Exception {
        String application = application().toString();
        try (GlassFishServer payara = GlassFishServer.start(
                Path.of(System.getProperty("payara")),
                Path.of("target", "first-application-domain"),
                Jvm.current(),
                Listeners.free())) {
            Asadmin asadmin = payara.asadmin();
            for (Map.Entry<String, String> setting : configuration().entrySet()) {
                asadmin.run(
                        "set-config-property",
                        "",
                        Map.of(
                                "propertyName",
                                setting.getKey(),
                                "propertyValue",
                                setting.getValue(),
                                "source",
                                "domain"));
            }
            asadmin.deploy(Archives.ADAPTER, Archives.rar());
            Asadmin.Report refused =
                    asadmin.attempt("deploy", application, Map.of("name", "illustrator", "force", "true"));
            assertThat(refused.failed()).isTrue();
            assertThat(refused.message()).contains("Exception registering ejb bundle level resources");
            assertThat(Files.readString(payara.log()))
                    .contains("[org.genaiconnector.llm.LlmConnectionFactory] is not an allowed property value type");
            Asadmin.Report listener =
                    asadmin.attempt("deploy", listener(), Map.of("name", "listener", "force", "true"));
            assertThat(listener.failed()).isTrue();
            assertThat(listener.message()).contains("EJB Container initialization error");

            asadmin.run("set", POLICY + "global", Map.of());
            asadmin.deploy("listener", listener());
            asadmin.deploy("illustrator", application);

            assertThat(payara.get("/illustrator/" + PICTURE)).contains("PNG");
        }
    }

    /** An application that has a message-driven bean and refers to no resource of the adapter. */
    private static String listener() {
        Path file = Path.of("target", "listener.war").toAbsolutePath();
        ShrinkWrap.create(WebArchive.class, "listener.war")
                .addPackage(EndsBean.class.getPackage())
                .as(ZipExporter.class)
                .exportTo(file.toFile(), true);
        return file.toString();
    }
}
