package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.spi.LocalTransactionException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("All or none, with any exception in a commit")
class DeferredCallsTest {
    private final List<String> outcomes = new ArrayList<>();
    private DeferredCalls<FaultyFactory.Operations> transaction;

    @BeforeEach
    @SuppressWarnings("unchecked")
    void begin() throws Exception {
        transaction = (DeferredCalls<FaultyFactory.Operations>) new FaultyFactory(URI.create("http://127.0.0.1:1"))
                .createManagedConnection(null, null)
                .getLocalTransaction();
        transaction.begin();
    }

    /** A call that throws when a given method is called, or never. */
    private final class Step implements DeferredCall<FaultyFactory.Operations> {
        private final String name;
        private final String when;
        private final Supplier<Throwable> thrown;

        private Step(String name, String when, Supplier<Throwable> thrown) {
            this.name = name;
            this.when = when;
            this.thrown = thrown;
        }

        private void note(String what) {
            outcomes.add(name + " " + what);
            if (what.equals(when)) {
                Throwable problem = thrown.get();
                if (problem instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) problem;
            }
        }

        @Override
        public void perform(FaultyFactory.Operations operations) {
            note("performed");
        }

        @Override
        public void undo(FaultyFactory.Operations operations) {
            note("undone");
        }

        @Override
        public void confirmed() {
            note("confirmed");
        }

        @Override
        public void dropped() {
            note("dropped");
        }

        @Override
        public void failed(GenAiException why) {
            note("failed");
            assertThat(why.category())
                    .isIn(FailureCategory.CANCELLED, FailureCategory.CONFLICT, FailureCategory.PROTOCOL);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private void add(String name, String when, Supplier<Throwable> thrown) {
        transaction.add(new Step(name, when, thrown));
    }

    static Stream<Supplier<Throwable>> problems() {
        return Stream.of(
                () -> new IllegalStateException("odd"),
                () -> new NullPointerException("odd"),
                () -> new OutOfMemoryError("odd"),
                () -> new StackOverflowError("odd"));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void takesBackWhatWasDoneAndDropsTheRest(Supplier<Throwable> problem) {
        add("a", "", problem);
        add("b", "performed", problem);
        add("c", "", problem);

        assertThatThrownBy(transaction::commit)
                .isInstanceOf(LocalTransactionException.class)
                .hasMessageContaining("The commit failed at b")
                .hasMessageContaining("odd")
                .hasMessageContaining("nothing else of the transaction has been done");
        assertThat(outcomes)
                .containsExactly("a performed", "b performed", "b failed", "a undone", "a failed", "c failed");
    }

    @ParameterizedTest
    @MethodSource("problems")
    void namesWhatCouldNotBeTakenBack(Supplier<Throwable> problem) {
        add("a", "", problem);
        add("b", "undone", problem);
        add("c", "performed", problem);

        assertThatThrownBy(transaction::commit).hasMessageContaining("could not be taken back: [b]");
        assertThat(outcomes).endsWith("c failed", "b undone", "b failed", "a undone", "a failed");
    }

    @ParameterizedTest
    @MethodSource("problems")
    @Produces(OperatorMessage.OUTCOME_NOT_DELIVERED)
    void notifiesAllOthersIfOneThrows(Supplier<Throwable> problem) throws Exception {
        add("a", "confirmed", problem);
        add("b", "", problem);
        transaction.commit();
        assertThat(outcomes).endsWith("a confirmed", "b confirmed");

        transaction.begin();
        add("c", "dropped", problem);
        add("d", "", problem);
        transaction.rollback();
        assertThat(outcomes).endsWith("c dropped", "d dropped");

        transaction.begin();
        add("e", "failed", problem);
        add("f", "", problem);
        transaction.abandon();
        assertThat(outcomes).endsWith("e failed", "f failed");
    }

    @Test
    void worksOnAfterwards() throws Exception {
        add("a", "performed", () -> new OutOfMemoryError("odd"));
        assertThatThrownBy(transaction::commit).isInstanceOf(LocalTransactionException.class);
        transaction.begin();
        add("b", "", () -> null);
        transaction.commit();
        assertThat(outcomes).endsWith("b performed", "b confirmed");
    }
}
