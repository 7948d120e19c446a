package org.genaiconnector.tests.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.servers.Jvm;
import org.genaiconnector.servers.MicroServer;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.genaiconnector.tests.Eventually;
import org.genaiconnector.tests.telemetry.Collector.Span;
import org.genaiconnector.tests.telemetry.app.PictureBean;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/**
 * One trace from a servlet to a message-driven bean, which is called as the servlet's caller, on Payara Micro 7, whose MicroProfile Telemetry sends it to a collector. Prints
 * it; with {@code -DwriteDocuments=true} it becomes the picture in docs/telemetry.md.
 */
@EnabledIfSystemProperty(named = "slow", matches = "true", disabledReason = "starts an application server: -Dslow=true")
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "Payara Micro 7 needs Java 21")
class TelemetryIT {
    private static final Path ARCHIVES = Path.of(System.getProperty("archives"));
    private static final Path PICTURE = Path.of("..", "..", "docs", "images", "trace.svg");
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void oneTraceLeadsFromTheServletToTheBean() throws Exception {
        Path war = directory.resolve("stories.war");
        ShrinkWrap.create(WebArchive.class, "stories.war")
                .addPackage(PictureBean.class.getPackage())
                .as(ZipExporter.class)
                .exportTo(war.toFile(), true);
        try (Collector collector = new Collector();
                ComfyUiSimulator comfyUi = ComfyUiSimulator.builder().labNodes().start();
                LlmSimulator llm = LlmSimulator.start();
                MicroServer server = start(collector, war, comfyUi.uri(), llm.openAiUri())) {
            end(server, "1"); // of which most of the time goes into loading classes
            String job = end(server, "2");
            Eventually.isTrue(
                    SOON,
                    () -> trace(collector, job).stream()
                            .anyMatch(span -> span.name().equals("deliver job")));

            List<Span> trace = trace(collector, job);
            TracePicture picture = new TracePicture(trace);
            System.out.println(picture.text());
            if (Boolean.getBoolean("writeDocuments")) {
                Files.writeString(PICTURE, picture.svg());
            }
            Span submission = only(trace, "submit job");
            Span delivery = only(trace, "deliver job");
            assertThat(Stream.of("dispatch job", "run job", "deliver job").map(name -> only(trace, name)))
                    .allMatch(span -> span.parent().equals(submission.id()))
                    .allMatch(span -> job.equals(span.attributes().get("messaging.message.id")));
            assertThat(server.get("/stories/heard"))
                    .as("the bean is called as the caller of the submission")
                    .contains(job + "=alice");
            assertThat(trace)
                    .as("the servlet")
                    .anyMatch(span -> span.id().equals(submission.parent()) && span.kind() == 2);
            assertThat(trace.stream().filter(span -> span.name().startsWith("chat")))
                    .hasSize(2)
                    .anyMatch(span -> span.parent().equals(submission.parent()))
                    .anyMatch(span -> span.parent().equals(delivery.id()));
        }
    }

    /** Tells a story, and waits until the bean has heard of its picture. */
    private static String end(MicroServer server, String colour) throws Exception {
        String job = server.get("/stories/story?caller=alice&colour=" + colour);
        Eventually.isTrue(SOON, () -> server.get("/stories/heard").contains(job));
        return job;
    }

    /** All spans of the trace that a job belongs to. */
    private static List<Span> trace(Collector collector, String job) {
        List<Span> all = collector.spans();
        return all.stream()
                .filter(span -> span.name().equals("submit job")
                        && job.equals(span.attributes().get("messaging.message.id")))
                .findFirst()
                .map(Span::trace)
                .map(id -> all.stream().filter(span -> span.trace().equals(id)).toList())
                .orElse(List.of());
    }

    private static Span only(List<Span> trace, String name) {
        List<Span> named =
                trace.stream().filter(span -> span.name().equals(name)).toList();
        assertThat(named).as(name).hasSize(1);
        return named.get(0);
    }

    private MicroServer start(Collector collector, Path war, URI comfyUi, URI llm) throws Exception {
        Path jar = ARCHIVES.resolve("payara-micro.jar");
        assumeTrue(Files.exists(jar), "Payara Micro is there");
        return MicroServer.start(
                jar,
                directory.resolve("server"),
                Jvm.current(
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dotel.sdk.disabled=false",
                        "-Dotel.service.name=stories",
                        "-Dotel.traces.exporter=otlp",
                        "-Dotel.exporter.otlp.protocol=http/protobuf",
                        "-Dotel.exporter.otlp.endpoint=" + collector.uri(),
                        "-Dotel.bsp.schedule.delay=200"),
                List.of(
                        "create-file-user --passwordfile " + passwords() + " alice",
                        "deploy --name=genai-connector " + ARCHIVES.resolve("genai-connector.rar"),
                        pool(
                                "comfyui",
                                ComfyUiConnectionFactory.class,
                                "probeOnCreate=false:serverUrl=" + escaped(comfyUi)),
                        "create-connector-resource --poolname=comfyui telemetry/comfyui",
                        pool(
                                "llm",
                                LlmConnectionFactory.class,
                                "probeOnCreate=false:provider=LOCAL:model=tiny:serverUrl=" + escaped(llm)),
                        "create-connector-resource --poolname=llm telemetry/llm",
                        "deploy --name=stories " + war),
                "/stories/ready");
    }

    /** As asadmin reads them. */
    private Path passwords() throws IOException {
        return Files.writeString(directory.resolve("passwords"), "AS_ADMIN_USERPASSWORD=wonderland\n");
    }

    private static String pool(String name, Class<?> factory, String properties) {
        return "create-connector-connection-pool --raname=genai-connector --connectiondefinition=" + factory.getName()
                + " --steadypoolsize=0 --property=" + properties + " " + name;
    }

    private static String escaped(URI address) {
        return address.toString().replace(":", "\\:");
    }
}
