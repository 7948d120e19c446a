package org.genaiconnector.tests.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.GenerationOptions;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.testkit.Fault;
import org.junit.jupiter.api.Test;

/** A setting of zero is a value, not an absent setting. */
class ZeroSettingsTest {

    @Test
    void configuredTemperatureOfZeroIsSent() throws Exception {
        try (PooledLlm llm = PooledLlm.ofOne(managed -> managed.setTemperature(0.0))) {
            llm.chat();

            assertThat(body(llm)).containsPattern("\"temperature\":\\s*0(\\.0)?[,}]");
        }
    }

    @Test
    void requestedTemperatureOfZeroWinsOverTheConfiguredOne() throws Exception {
        try (PooledLlm llm = PooledLlm.ofOne(managed -> managed.setTemperature(0.7));
                LlmConnection connection = llm.factory().getConnection()) {
            connection.chat(ChatRequest.builder()
                    .user("Hello")
                    .options(GenerationOptions.DEFAULTS.withTemperature(0))
                    .build());

            assertThat(body(llm)).containsPattern("\"temperature\":\\s*0(\\.0)?[,}]");
        }
    }

    @Test
    void noRetriesMeansOneAttempt() throws Exception {
        try (PooledLlm llm = PooledLlm.ofOne(managed -> managed.setMaxRetries(0))) {
            llm.faults().next(PooledLlm.CHAT, Fault.status(503));

            assertThatThrownBy(llm::chat).hasMessageContaining("503");

            assertThat(llm.requests(PooledLlm.CHAT)).isEqualTo(1);
        }
    }

    @Test
    void noDelayMeansThatARetryFollowsAtOnce() throws Exception {
        try (PooledLlm llm = PooledLlm.ofOne(managed -> {
            managed.setMaxRetries(100);
            managed.setRetryDelayMillis(0);
        })) {
            llm.faults().next(100, PooledLlm.CHAT, Fault.status(503)); // 50 minutes with the usual delays

            assertThat(llm.chat()).isNotBlank();

            assertThat(llm.requests(PooledLlm.CHAT)).isEqualTo(101);
        }
    }

    @Test
    void waitOfZeroRefusesAtOnce() throws Exception {
        try (PooledLlm llm = PooledLlm.configured(pooling -> {
                    pooling.setMaxSize(1);
                    pooling.setBlockingTimeout(0);
                });
                LlmConnection held = llm.factory().getConnection()) {
            assertThatThrownBy(llm::chat).hasStackTraceContaining(WildFlyPool.EXHAUSTED);
            assertThat(PooledLlm.chat(held)).isNotBlank();
        }
    }

    private static String body(PooledLlm llm) {
        return llm.traffic().requests(PooledLlm.CHAT).get(0).bodyText();
    }
}
