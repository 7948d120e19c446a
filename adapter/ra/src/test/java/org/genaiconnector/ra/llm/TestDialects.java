package org.genaiconnector.ra.llm;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.genaiconnector.ra.http.CircuitPolicy;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpSettings;
import org.genaiconnector.ra.http.RetryPolicy;
import org.genaiconnector.ra.http.Transport;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/** Dialects for codec tests, which make no calls. */
final class TestDialects {

    private TestDialects() {}

    static HttpBackend backend() {
        return new HttpBackend(
                new HttpSettings(
                        "LLM service",
                        URI.create("http://llm.test:8080/v1"),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        new RetryPolicy(0, Duration.ZERO),
                        new CircuitPolicy(0, Duration.ZERO),
                        Transport.DEFAULT),
                LlmFailures::read,
                new StatisticsRecorder("test"));
    }

    static OpenAiDialect local() {
        return new OpenAiDialect(
                backend(),
                new LlmSettings(
                        Optional.empty(),
                        OptionalInt.empty(),
                        OptionalDouble.empty(),
                        Optional.empty(),
                        new OmittedFields(Set.of(), UnsupportedFields.FAIL),
                        UnsupportedFields.FAIL,
                        Duration.ofSeconds(1),
                        false),
                Provider.LOCAL);
    }
}
