package org.genaiconnector.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.client.Tool;
import org.genaiconnector.client.ToolLoop;
import org.genaiconnector.client.Unchecked;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.ComfyUiJobListener;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobEvent;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Faults;
import org.genaiconnector.testkit.FaultsOf;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.genaiconnector.testkit.llm.ToolCall;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a test of an application can do with nothing but this module. */
class GenAiTestTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Takes no time. */
    static Workflow picture() throws GenAiException {
        return Workflow.parse("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 9}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""");
    }

    static Job queue(ComfyUiConnectionFactory comfyUi) throws Exception {
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
            return connection.queuePrompt(picture());
        }
    }

    @GenAiTest
    void chats(LlmConnectionFactory llm, LlmSimulator backend) throws Exception {
        backend.script().says("a lighthouse");

        try (LlmConnection connection = llm.getConnection()) {
            assertThat(connection.chat(ChatRequest.of("What do you see?")).text())
                    .isEqualTo("a lighthouse");
        }
    }

    @GenAiTest
    void followsAJobToItsPicture(ComfyUiConnectionFactory comfyUi, ComfyUiSimulator backend) throws Exception {
        JobStatus end = comfyUi.awaitJob(queue(comfyUi).id(), PATIENCE);

        assertThat(end.state()).isEqualTo(JobState.COMPLETED);
        try (ComfyUiConnection connection = comfyUi.getConnection();
                Download picture =
                        connection.download((OutputFile) end.outputs().get(0))) {
            assertThat(picture.content().readAllBytes()).startsWith(0x89, 'P', 'N', 'G');
        }
        assertThat(comfyUi.server()).isEqualTo(backend.uri());
    }

    @GenAiTest
    void receivesEventsOfJobs(TestAdapter adapter, ComfyUiConnectionFactory comfyUi) throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        adapter.listen(new ComfyUiJobListener() {
            @Override
            public void onCompleted(JobEvent event) {
                heard.add(event.jobId());
            }
        });

        String id = queue(comfyUi).id();

        assertThat(heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(id);
    }

    @GenAiTest
    void receivesEveryEndByOneMethod(TestAdapter adapter, ComfyUiConnectionFactory comfyUi) throws Exception {
        BlockingQueue<JobStatus> heard = new LinkedBlockingQueue<>();
        adapter.listen(new ComfyUiJobListener() {
            @Override
            public void onEnd(JobEvent event) {
                heard.add(event.status());
            }
        });

        queue(comfyUi);

        JobStatus end = heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(end.state()).isEqualTo(JobState.COMPLETED);
        assertThat(end.files()).hasSize(1);
        try (Download picture = comfyUi.download(end.files().get(0))) {
            assertThat(picture.content().readAllBytes()).startsWith(0x89, 'P', 'N', 'G');
        }
    }

    record City(String name) {}

    @GenAiTest
    void runsToolLoops(LlmConnectionFactory llm, LlmSimulator model) throws Exception {
        model.script()
                .calls(new ToolCall("1", "weather", "{\"name\": \"Oslo\"}"))
                .says("It rains");
        ToolLoop loop =
                ToolLoop.of(Tool.of("weather", "Returns the weather", City.class, city -> "rain in " + city.name()));

        String answer = Unchecked.call(() -> {
            try (LlmConnection connection = llm.getConnection()) {
                return loop.chat(connection, ChatRequest.of("Oslo?")).response().text();
            }
        });

        assertThat(answer).isEqualTo("It rains");
    }

    @GenAiTest
    void receivesAnEndAgainAfterItHasThrown(TestAdapter adapter, ComfyUiConnectionFactory comfyUi) throws Exception {
        BlockingQueue<JobEvent> heard = new LinkedBlockingQueue<>();
        ComfyUiJobListener bean = new ComfyUiJobListener() {
            @Override
            public void onCompleted(JobEvent event) {
                heard.add(event);
                if (!event.isRedelivered()) {
                    throw new IllegalStateException("not now");
                }
            }
        };
        adapter.listen(bean, Map.of("redeliveryDelayMillis", "1"));

        queue(comfyUi);

        assertThat(heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS).delivery())
                .isEqualTo(1);
        assertThat(heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS).delivery())
                .isEqualTo(2);
    }

    @GenAiTest
    void meetsFaults(LlmConnectionFactory llm, @FaultsOf(LlmSimulator.class) Faults faults) throws Exception {
        faults.always(Fault.resetBeforeResponse());

        try (LlmConnection connection = llm.getConnection()) {
            assertThatThrownBy(() -> connection.chat(ChatRequest.of("Hello"))).isInstanceOf(GenAiException.class);
        }
    }

    @GenAiTest
    void meetsABackendThatIsDown(ComfyUiConnectionFactory comfyUi, ComfyUiSimulator backend) throws Exception {
        backend.kill();

        assertThatThrownBy(() -> queue(comfyUi))
                .isInstanceOfSatisfying(
                        GenAiException.class,
                        failure -> assertThat(failure.category()).isEqualTo(FailureCategory.UNAVAILABLE));
    }

    /** Parameters of both methods are of the same test; fields belong to the test class, as always with JUnit. */
    @Nested
    @GenAiTest
    class WithAMethodBefore {
        private ComfyUiConnectionFactory before;
        private String job;

        @BeforeEach
        void queues(ComfyUiConnectionFactory comfyUi) throws Exception {
            before = comfyUi;
            job = queue(comfyUi).id();
        }

        @RepeatedTest(2)
        void seesTheSameFactory(ComfyUiConnectionFactory comfyUi, TestAdapter adapter) throws Exception {
            assertThat(comfyUi).isSameAs(before);
            assertThat(comfyUi.awaitJob(job, PATIENCE).state()).isEqualTo(JobState.COMPLETED);
            assertThat(adapter.comfyUi(Map.of("serverUrl", comfyUi.server().toString())))
                    .as("another one")
                    .isNotSameAs(comfyUi);
        }
    }

    @Nested
    class Configured {
        @RegisterExtension
        final GenAiExtension genAi = new GenAiExtension()
                .llm(builder -> builder.apiKeys("sk-test").models("small"))
                .llmProperties(Map.of("provider", "ANTHROPIC", "model", "small", "apiKey", "sk-wrong"))
                .comfyUi(builder -> builder.version("0.3.10"))
                .comfyUiProperties(Map.of("poolName", "painter"));

        @Test
        void hasItsPropertiesAndItsSimulators(
                LlmConnectionFactory llm, ComfyUiConnectionFactory comfyUi, LlmSimulator backend) throws Exception {
            try (LlmConnection connection = llm.getConnection()) {
                assertThatThrownBy(() -> connection.chat(ChatRequest.of("Hello")))
                        .isInstanceOfSatisfying(
                                GenAiException.class,
                                failure -> assertThat(failure.category()).isEqualTo(FailureCategory.AUTHENTICATION));
            }
            try (ComfyUiConnection connection = comfyUi.getConnection()) {
                assertThat(connection.getSystemStats().toString()).contains("0.3.10");
            }
            assertThat(comfyUi.statistics().name()).isEqualTo("painter");
            assertThat(backend.traffic().requests())
                    .as("in Anthropic's protocol")
                    .anyMatch(request -> request.path().endsWith("/v1/messages"));
        }
    }
}
