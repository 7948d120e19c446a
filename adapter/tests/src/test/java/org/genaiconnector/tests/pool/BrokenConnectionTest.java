package org.genaiconnector.tests.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.tests.RepeatedCalls;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which connections a pool loses when calls fail. */
class BrokenConnectionTest {
    @Test
    void brokenConnectionIsDestroyedAndNoOther() throws Exception {
        try (PooledLlm llm = PooledLlm.ofMaximum(2);
                LlmConnection unlucky = llm.factory().getConnection();
                LlmConnection other = llm.factory().getConnection()) {
            PooledLlm.chat(unlucky);
            PooledLlm.chat(other);
            llm.faults().next(PooledLlm.BREAK);

            assertThatThrownBy(() -> PooledLlm.chat(unlucky)).satisfies(is(FailureCategory.TRUNCATED));

            llm.awaitSize(1);
            assertThat(PooledLlm.chat(other)).isNotBlank();
            assertThat(llm.traffic().connectionsOpened()).isEqualTo(2);
        }
    }

    @Test
    void brokenConnectionDoesNotGoBackIntoThePool() throws Exception {
        try (PooledLlm llm = PooledLlm.ofMaximum(1)) {
            LlmConnection broken = llm.factory().getConnection();
            PooledLlm.chat(broken);
            llm.faults().next(PooledLlm.BREAK);
            assertThatThrownBy(() -> PooledLlm.chat(broken)).satisfies(is(FailureCategory.TRUNCATED));

            broken.close();

            assertThat(llm.pool().size()).isZero();
            assertThatThrownBy(() -> PooledLlm.chat(broken)).satisfies(is(FailureCategory.CLOSED));
            assertThat(llm.chat()).isNotBlank();
            assertThat(llm.traffic().connectionsOpened()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 429, 500, 503, 529})
    void answersWithAnErrorStatusCostThePoolNoConnection(int status) throws Exception {
        try (PooledLlm llm = PooledLlm.ofMaximum(1)) {
            llm.chat();
            llm.faults().next(PooledLlm.CHAT, Fault.status(status).json("{\"error\": {\"message\": \"no\"}}"));

            assertThatThrownBy(llm::chat)
                    .isInstanceOfSatisfying(
                            GenAiException.class, e -> assertThat(e.status()).hasValue(status));

            assertThat(llm.pool().size()).isEqualTo(1);
            assertThat(llm.chat()).isNotBlank();
            assertThat(llm.traffic().connectionsOpened()).isEqualTo(1);
        }
    }

    @Test
    void poolIsWholeAgainAfterEveryConnectionBroke() throws Exception {
        try (PooledLlm llm = PooledLlm.ofMaximum(3)) {
            llm.faults().next(20, PooledLlm.CHAT, PooledLlm.BREAK);

            RepeatedCalls.Outcome outcome = RepeatedCalls.each(5, 10, llm::chat);

            assertThat(outcome.failures()).hasSize(20).allSatisfy(is(FailureCategory.TRUNCATED));
            assertThat(outcome.done()).isEqualTo(30);
            llm.open(3);
            llm.awaitSize(3);
        }
    }

    private static Consumer<Throwable> is(FailureCategory category) {
        return thrown -> assertThat(thrown)
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(category));
    }
}
