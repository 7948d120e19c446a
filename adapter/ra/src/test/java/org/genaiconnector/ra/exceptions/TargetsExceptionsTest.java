package org.genaiconnector.ra.exceptions;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.spi.InvalidPropertyException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.management.JMX;
import javax.management.ObjectName;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.RawRequest;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.ra.llm.TargetsMXBean;
import org.genaiconnector.ra.llm.limits.Amount;
import org.genaiconnector.ra.llm.limits.CallKeys;
import org.genaiconnector.ra.llm.limits.Decision;
import org.genaiconnector.ra.llm.limits.LimitRule;
import org.genaiconnector.ra.llm.limits.Limits;
import org.genaiconnector.ra.llm.limits.LocalLimits;
import org.genaiconnector.ra.llm.limits.Measure;
import org.genaiconnector.ra.llm.limits.Refusal;
import org.genaiconnector.ra.llm.limits.Reservation;
import org.genaiconnector.ra.llm.limits.Scope;
import org.genaiconnector.ra.llm.targets.TargetsSource;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with targets files, and what limits refuse. */
class TargetsExceptionsTest {

    static List<ExceptionExample> examples() {
        return List.of(
                ExceptionExample.of(
                        FailureCategory.NOT_FOUND,
                        "The targets file ... cannot be read: there is no such file",
                        "Correct the path in `targets`, or put the file there.",
                        () -> TargetsSource.of("/no/such/targets.json")),
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "The targets file has a name that is no path: ...",
                        "Correct the path in `targets`. `workflowFile` of workflow templates is checked likewise.",
                        () -> TargetsSource.of("targets\0.json")),
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "The targets file ... is not JSON: ...",
                        "Correct the character at that place.",
                        () -> read("{\"targets\": ")),
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "The targets file ... is wrong at ...: ...",
                        "The message names the place, what is wrong there, and the remedy ([llm-targets.md](llm-targets.md)).",
                        () -> read("{\"targets\": {\"gpu\": {}}}")),
                pool(
                        "targets cannot be used: The text of targets is wrong at ...: ...",
                        "The rest of the message says what is wrong in the file or text.",
                        pool -> pool.setTargets("{\"targets\": {}}")),
                pool(
                        "targets has a wrong address at targets.gpu.address: it must be one such as https://host/v1, without user and"
                                + " fragment",
                        "Correct the address.",
                        pool -> pool.setTargets(
                                "{\"targets\": {\"gpu\": {\"provider\": \"VLLM\", \"address\": \"gpu:8000\"}}}")),
                pool(
                        "targets has a wrong address at targets.gpu.tokenUrl: it must be an address such as"
                                + " https://login.example/oauth2/token, without user",
                        "Correct the address of the token endpoint.",
                        pool -> {
                            pool.setTargets(tokens("login.example"));
                            pool.setServerCredentials("KEY=secret");
                        }),
                pool(
                        "targets has a wrong address at targets.gpu.tokenUrl: it is not an address: ...",
                        "Correct the character at that position.",
                        pool -> {
                            pool.setTargets(tokens("https://login example"));
                            pool.setServerCredentials("KEY=secret");
                        }),
                pool(
                        "targets has something else than the name of a header at targets.gpu.apiKeyHeader",
                        "Give a header's name, such as `X-Api-Key`.",
                        pool -> pool.setTargets(GPU.replace("\"VLLM\"", "\"VLLM\", \"apiKeyHeader\": \"a b\""))),
                ExceptionExample.of(
                        FailureCategory.AUTHENTICATION,
                        "Configuration property targets.one.apiKeyFile leads to no file: ...",
                        "Put the file there, or correct the path. Other targets go on. The rest of `apiKeyFile`'s messages may come"
                                + " from targets, too.",
                        () -> chat(
                                LLAMA.replace("[\"llama\"]", "[\"any\"], \"apiKeyFile\": \"/no/such/key\""),
                                ChatRequest.of("Hi").withModel("any"))),
                pool(
                        "targets cannot stand beside apiKey, apiKeyFile, password and tokenUrl, since a key belongs to one service: put"
                                + " it into serverCredentials, and its name into the target's credentials",
                        "Do as the message says.",
                        pool -> {
                            pool.setTargets(GPU);
                            pool.setApiKey("sk-1");
                        }),
                pool(
                        "serverUrl cannot stand beside targets, each of which has its own address",
                        "Remove `serverUrl`.",
                        pool -> {
                            pool.setTargets(GPU);
                            pool.setServerUrl("http://gpu:8000/v1");
                        }),
                pool(
                        "serverCredentials has no entry KEY, which target gpu names as its credentials",
                        "Add `KEY=...` to `serverCredentials`, or correct the name in the targets file.",
                        pool -> pool.setTargets(GPU.replace("\"VLLM\"", "\"VLLM\", \"credentials\": \"KEY\""))),
                pool(
                        "serverCredentials has KEY, which no target names in targets",
                        "Name it in the `credentials` of a target, or remove it.",
                        pool -> {
                            pool.setTargets(GPU);
                            pool.setServerCredentials("KEY=sk-1");
                        }),
                pool(
                        "limitStore belongs to targets, which have the limits",
                        "Set `targets`, or remove it.",
                        pool -> pool.setLimitStore("jdbc/limits")),
                pool(
                        "serverCredentials belongs to targets; without them set apiKey",
                        "Set `targets`, or `apiKey` in place of it.",
                        pool -> pool.setServerCredentials("KEY=sk-1")),
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "No model: set one in the request, in defaultModel of the targets, or in the property model",
                        "Do one of the three.",
                        () -> chat(GPU, ChatRequest.of("Hi"))),
                ExceptionExample.of(
                        FailureCategory.UNSUPPORTED,
                        "A factory with targets makes no raw requests, because they name no target: use a factory of one"
                                + " service",
                        "Make a pool of that service for raw requests.",
                        () -> exchange(GPU)),
                ExceptionExample.of(
                        FailureCategory.NOT_FOUND,
                        "No target serves the model gpt-9; there are llama",
                        "Correct the name, or add it to `models` of a target.",
                        () -> chat(LLAMA, ChatRequest.of("Hi").withModel("gpt-9"))),
                ExceptionExample.of(
                        FailureCategory.UNAVAILABLE,
                        "None of the 2 candidates for model llama answered: ...; ...",
                        "The message has the reason of each target.",
                        () -> chat(
                                LLAMA.replace(
                                        "}}}",
                                        "}, \"two\": {\"provider\": \"VLLM\", \"address\": \"http://localhost:1\","
                                                + " \"models\": [\"llama\"]}}}"),
                                ChatRequest.of("Hi").withModel("llama"))),
                ExceptionExample.of(
                        FailureCategory.UNAVAILABLE,
                        "Target one/llama has failed repeatedly (property circuitFailures) and is not called for ... ms",
                        "Look at the target: the log says what it fails with. A call is let through after `circuitOpenMillis`.",
                        () -> chat(LLAMA, ChatRequest.of("Hi").withModel("llama"))),
                ExceptionExample.of(
                        FailureCategory.CANCELLED,
                        "Interrupted while waiting for a target of model llama",
                        "The application server or the application interrupted the thread: end its work.",
                        TargetsExceptionsTest::interrupted),
                ExceptionExample.of(
                        IllegalArgumentException.class,
                        "There is no target openai; there are gpu",
                        "`switchOff` and `switchOn` of the MXBean `Targets` take names of targets.",
                        TargetsExceptionsTest::switchOffAnother),
                ExceptionExample.of(
                        FailureCategory.RATE_LIMIT,
                        "The limit of ... requestsPerMinute for caller ... is used up; it opens again in ... ms (limits of the"
                                + " targets)",
                        "Call again after `retryAfter()`, or raise the limit in the targets file. `tokensPerMinute` and limits of"
                                + " other scopes are refused likewise.",
                        () -> exceed(Measure.REQUESTS_PER_MINUTE)),
                ExceptionExample.of(
                        FailureCategory.RATE_LIMIT,
                        "The limit of ... concurrentCalls for caller ... is used up; it opens when one of the calls under way ends"
                                + " (limits of the targets)",
                        "Call again later, or raise the limit in the targets file.",
                        () -> exceed(Measure.CONCURRENT_CALLS)),
                ExceptionExample.of(
                        FailureCategory.BUDGET,
                        "The limit of ... costPerDay for caller ... is used up; it opens again in ... h ... min (limits of the targets)",
                        "Wait, or raise the budget in the targets file. Hours and months are refused likewise.",
                        () -> exceed(Measure.COST_PER_DAY)));
    }

    private static final String GPU = "{\"targets\": {\"gpu\": {\"provider\": \"VLLM\"}}}";
    private static final String LLAMA =
            "{\"targets\": {\"one\": {\"provider\": \"VLLM\", \"address\": \"http://localhost:1\","
                    + " \"models\": [\"llama\"]}}}";

    private static String tokens(String url) {
        return GPU.replace(
                "\"VLLM\"", "\"VLLM\", \"credentials\": \"KEY\", \"clientId\": \"me\", \"tokenUrl\": \"" + url + '"');
    }

    private static LlmManagedConnectionFactory factory(String targets) {
        LlmManagedConnectionFactory pool = new LlmManagedConnectionFactory();
        pool.setTargets(targets);
        pool.setProbeOnCreate(false);
        pool.setMaxRetries(0);
        pool.setCircuitFailures(1);
        return pool;
    }

    /** The second call finds the circuit open if a target alone cannot be connected to. */
    private static void exchange(String targets) throws Exception {
        try (LlmConnection connection = LlmCalls.handle(factory(targets))) {
            connection.exchange(RawRequest.of("GET", "/models"));
        }
    }

    private static void chat(String targets, ChatRequest request) throws Exception {
        try (LlmConnection connection = LlmCalls.handle(factory(targets))) {
            if (targets.equals(LLAMA) && request.model().equals(Optional.of("llama"))) {
                assertThatThrownBy(() -> connection.chat(request)).hasMessageContaining("cannot be connected to");
            }
            connection.chat(request);
        }
    }

    /** The second call has to wait for its limit. */
    private static void interrupted() throws Exception {
        try (LlmSimulator server = LlmSimulator.start();
                LlmConnection connection =
                        LlmCalls.handle(factory(LLAMA.replace("http://localhost:1", server.openAiUri() + "")
                                .replace(
                                        "}}}",
                                        "}}, \"limits\": [{\"per\": \"target\", \"requestsPerMinute\": 1}],"
                                                + " \"maxWaitMillis\": 3600000}")))) {
            connection.chat(ChatRequest.of("Hi").withModel("llama"));
            Thread.currentThread().interrupt();
            connection.chat(ChatRequest.of("Hi").withModel("llama"));
        } finally {
            Thread.interrupted();
        }
    }

    private static void switchOffAnother() throws Exception {
        GenAiResourceAdapter adapter = new GenAiResourceAdapter();
        adapter.start(new TestContainer());
        try {
            LlmManagedConnectionFactory pool = factory(GPU);
            pool.setResourceAdapter(adapter);
            pool.setPoolName("switched");
            LlmCalls.handle(pool).close();
            JMX.newMXBeanProxy(
                            ManagementFactory.getPlatformMBeanServer(),
                            new ObjectName("org.genaiconnector:type=Targets,name=\"switched\""),
                            TargetsMXBean.class)
                    .switchOff("openai");
        } finally {
            adapter.stop();
        }
    }

    private static ExceptionExample pool(String words, String remedy, Consumer<LlmManagedConnectionFactory> mistake) {
        return ExceptionExample.of(InvalidPropertyException.class, "Configuration property " + words, remedy, () -> {
            LlmManagedConnectionFactory pool = new LlmManagedConnectionFactory();
            mistake.accept(pool);
            pool.createManagedConnection(null, null);
        });
    }

    private static void read(String text) throws Exception {
        Path file = Files.createTempFile("targets", ".json");
        file.toFile().deleteOnExit();
        TargetsSource.of(Files.writeString(file, text).toString()).read(List.of());
    }

    private static void exceed(Measure measure) throws Exception {
        Limits limits = new LocalLimits(
                List.of(new LimitRule(Scope.CALLER, Optional.empty(), Map.of(measure, 1L), false)), System::nanoTime);
        CallKeys keys = new CallKeys("openai", "fast", "KEY", "board", "alice");
        Decision first = limits.reserve(keys, new Amount(1, 1));
        if (measure != Measure.CONCURRENT_CALLS) {
            ((Reservation) first).settle(new Amount(1, 1));
        }
        Decision second = limits.reserve(keys, new Amount(1, 1));
        throw ((Refusal) second).failure();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isThrown(ExceptionExample example) {
        example.check();
    }

    @Test
    void isDocumented() throws IOException {
        ExceptionExample.assertDocumented("targets", examples());
    }
}
