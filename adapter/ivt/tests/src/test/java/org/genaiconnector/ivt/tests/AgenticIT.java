package org.genaiconnector.ivt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.genaiconnector.client.RecordSchema;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.servers.Jvm;
import org.genaiconnector.servers.ManagedServer;
import org.genaiconnector.servers.MicroServer;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.RecordedRequest;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The classes of {@code docs/agentic.md} on Payara Micro 7, which brings the interfaces that they implement. */
@EnabledIfSystemProperty(named = "slow", matches = "true", disabledReason = "starts an application server")
class AgenticIT {
    private static final Pattern COMPLETE = Pattern.compile("(?ms)^```java\\R(package .*?)^```$");
    private static final Pattern TYPE = Pattern.compile("(?m)^public class (\\w+)");
    private static final String PACKAGE = "com/example/agents/";

    /** Begins the agent's workflow, and tells what has become of it. */
    private static final String SERVLET = """
            package com.example.agents;

            @jakarta.servlet.annotation.WebServlet("/complaints")
            public class Complaints extends jakarta.servlet.http.HttpServlet {
                @jakarta.inject.Inject jakarta.enterprise.event.Event<Triage.Complaint> complaints;
                @jakarta.inject.Inject Triage triage;

                @Override
                protected void doGet(jakarta.servlet.http.HttpServletRequest request,
                        jakarta.servlet.http.HttpServletResponse response) throws java.io.IOException {
                    if (request.getParameter("text") != null) {
                        complaints.fire(new Triage.Complaint(request.getParameter("text")));
                        response.getWriter().print(triage.done().poll());
                    }
                }
            }
            """;

    @TempDir
    private Path directory;

    @Test
    void agentsAskThroughThePool() throws Exception {
        Optional<Jvm> jvm = Jvm.atLeast(21);
        Assumptions.assumeTrue(jvm.isPresent(), "Payara 7 needs a JDK 21 or newer");
        Path war = war();
        try (LlmSimulator model = LlmSimulator.builder().start();
                ManagedServer server = start(jvm.get(), war, model)) {
            model.script()
                    .says("{\"team\": \"billing\", \"urgent\": true}")
                    .says("We are sorry")
                    .says("{\"team\": \"billing\", \"urgent\": false}");

            assertThat(complain(server, "Charged twice!")).isEqualTo("billing: We are sorry");
            assertThat(complain(server, "Nice colours")).isEqualTo("null"); // not urgent, so nothing is done

            List<RecordedRequest> chats = model.traffic().requests(Match.path("/v1/chat/completions"));
            assertThat(chats).hasSize(3);
            assertThat(chats.get(0).bodyText()).contains("json_schema", "{\\\"text\\\":\\\"Charged twice!\\\"}");
            assertThat(chats.get(1).bodyText()).contains("Charged twice!", "billing", "Write the team's first answer");
            assertThat(chats.get(2).bodyText()).contains("Nice colours").doesNotContain("Charged twice!");
            model.script().says("no JSON");
            assertThat(complain(server, "Charged again!")).startsWith("failed: The answer is no Verdict");
        }
    }

    private static ManagedServer start(Jvm jvm, Path war, LlmSimulator model) throws IOException, InterruptedException {
        List<String> commands = List.of(
                "deploy --name=genai-connector " + Archives.RAR,
                "create-connector-connection-pool --raname=genai-connector --connectiondefinition="
                        + LlmConnectionFactory.class.getName()
                        + " --steadypoolsize=0 --property=provider=LOCAL:model=simulator:probeOnCreate=false:serverUrl="
                        + model.openAiUri().toString().replace(":", "\\:") + " genai/llm",
                "create-connector-resource --poolname=genai/llm eis/genai/llm",
                "deploy --name=agents --contextroot=/ " + war);
        return MicroServer.start(
                Archives.archive("payara-micro-7.jar"), Archives.work("agentic"), jvm, commands, "/complaints");
    }

    private static String complain(ManagedServer server, String text) throws IOException, InterruptedException {
        URI address = server.uri().resolve("/complaints?text=" + URLEncoder.encode(text, StandardCharsets.UTF_8));
        HttpResponse<String> answer =
                HttpClient.newHttpClient().send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private Path war() throws IOException {
        List<Path> sources = new ArrayList<>();
        sources.add(Files.writeString(directory.resolve("Complaints.java"), SERVLET));
        for (String block : COMPLETE.matcher(Files.readString(Path.of("../../../docs/agentic.md")))
                .results()
                .map(found -> found.group(1))
                .toList()) {
            String type =
                    TYPE.matcher(block).results().findFirst().orElseThrow().group(1);
            sources.add(Files.writeString(directory.resolve(type + ".java"), block));
        }
        compile(sources);
        WebArchive war = ShrinkWrap.create(WebArchive.class, "agents.war").addPackage(RecordSchema.class.getPackage());
        try (Stream<Path> classes = Files.list(directory.resolve(PACKAGE))) {
            classes.forEach(type -> war.addAsResource(type.toFile(), PACKAGE + type.getFileName()));
        }
        Path file = directory.resolve("agents.war");
        war.as(ZipExporter.class).exportTo(file.toFile());
        return file;
    }

    private void compile(List<Path> sources) throws IOException {
        String classPath = System.getProperty("java.class.path") + System.getProperty("path.separator") + api();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "--release", "17", "-parameters", "-proc:none", "-d", directory.toString(), "-cp", classPath);
            boolean compiled = compiler.getTask(
                            messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(compiled).as(messages.toString()).isTrue();
        }
    }

    /** The interfaces, which are in no public repository. */
    private Path api() throws IOException {
        Path jar = directory.resolve("jakarta.agentic-ai-api.jar");
        try (ZipFile payara = new ZipFile(Archives.archive("payara-micro-7.jar").toFile());
                InputStream api =
                        payara.getInputStream(payara.getEntry("MICRO-INF/runtime/jakarta.agentic-ai-api.jar"))) {
            Files.copy(api, jar);
        }
        return jar;
    }
}
