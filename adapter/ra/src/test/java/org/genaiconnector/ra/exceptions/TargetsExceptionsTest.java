package org.genaiconnector.ra.exceptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.ra.llm.limits.Amount;
import org.genaiconnector.ra.llm.limits.CallKeys;
import org.genaiconnector.ra.llm.limits.Decision;
import org.genaiconnector.ra.llm.limits.LimitRule;
import org.genaiconnector.ra.llm.limits.Limits;
import org.genaiconnector.ra.llm.limits.Measure;
import org.genaiconnector.ra.llm.limits.Refusal;
import org.genaiconnector.ra.llm.limits.Scope;
import org.genaiconnector.ra.llm.targets.TargetsSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with targets files, and what limits refuse. */
class TargetsExceptionsTest {

    static List<ExceptionExample> examples() {
        return List.of(
                file(
                        FailureCategory.NOT_FOUND,
                        "The targets file ... cannot be read: there is no such file",
                        "Correct the path in `targets`, or put the file there.",
                        () -> TargetsSource.of("/no/such/targets.json")),
                file(
                        FailureCategory.INVALID_REQUEST,
                        "The targets file has a name that is no path: ...",
                        "Correct the path in `targets`. `workflowFile` of workflow templates is checked likewise.",
                        () -> TargetsSource.of("targets\0.json")),
                file(
                        FailureCategory.INVALID_REQUEST,
                        "The targets file ... is not JSON: ...",
                        "Correct the character at that place.",
                        () -> read("{\"targets\": ")),
                file(
                        FailureCategory.INVALID_REQUEST,
                        "The targets file ... is wrong at ...: ...",
                        "The message names the place, what is wrong there, and the remedy ([llm-targets.md](llm-targets.md)).",
                        () -> read("{\"targets\": {\"gpu\": {}}}")),
                file(
                        FailureCategory.RATE_LIMIT,
                        "The limit of ... requestsPerMinute for caller ... is used up; it opens again in ... ms (limits of the"
                                + " targets)",
                        "Call again after `retryAfter()`, or raise the limit in the targets file. `tokensPerMinute` and limits of"
                                + " other scopes are refused likewise.",
                        () -> exceed(Measure.REQUESTS_PER_MINUTE)),
                file(
                        FailureCategory.RATE_LIMIT,
                        "The limit of ... concurrentCalls for caller ... is used up; it opens when one of the calls under way ends"
                                + " (limits of the targets)",
                        "Call again later, or raise the limit in the targets file.",
                        () -> exceed(Measure.CONCURRENT_CALLS)),
                file(
                        FailureCategory.BUDGET,
                        "The limit of ... costPerDay for caller ... is used up; it opens again in ... ms (limits of the targets)",
                        "Wait, or raise the budget in the targets file. Hours and months are refused likewise.",
                        () -> exceed(Measure.COST_PER_DAY)));
    }

    private static ExceptionExample file(
            FailureCategory category, String message, String remedy, ThrowingCallable provoke) {
        return ExceptionExample.of(category, message, remedy, provoke);
    }

    private static void read(String text) throws Exception {
        Path file = Files.createTempFile("targets", ".json");
        file.toFile().deleteOnExit();
        TargetsSource.of(Files.writeString(file, text).toString()).read(List.of());
    }

    private static void exceed(Measure measure) throws Exception {
        Limits limits = new Limits(
                List.of(new LimitRule(Scope.CALLER, Optional.empty(), Map.of(measure, 1L), false)), System::nanoTime);
        CallKeys keys = new CallKeys("openai", "fast", "KEY", "board", "alice");
        limits.reserve(keys, new Amount(1, 1));
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
