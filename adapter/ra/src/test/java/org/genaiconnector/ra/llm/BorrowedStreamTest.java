package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ResourceAllocationException;
import java.time.Duration;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.ra.connection.TestPool;
import org.genaiconnector.testkit.End;
import org.genaiconnector.testkit.Fault;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams of a factory, out of a pool of one connection. */
@Timeout(60)
class BorrowedStreamTest {
    private static final ChatRequest REQUEST = ChatRequest.of("Tell me a story");

    @RegisterExtension
    static final SimulatedLlm llm = new SimulatedLlm();

    private LlmConnectionFactory factory;

    @BeforeEach
    void pool() throws ResourceException {
        LlmManagedConnectionFactory managed = llm.factory(Provider.LOCAL);
        managed.setMaxRetries(0);
        factory = (LlmConnectionFactory) managed.createConnectionFactory(new TestPool(1));
    }

    private void connectionIsBack() throws ResourceException {
        try (LlmConnection connection = factory.getConnection()) {
            assertThat(connection.chat("Hi").text()).isNotEmpty();
        }
        assertThat(factory.statistics().connections().active()).isZero();
    }

    @Test
    void givesTheConnectionBackAtItsEnd() throws Exception {
        StreamEvent last = null;
        ChatStream stream = factory.stream(REQUEST);
        while (stream.hasNext()) {
            last = stream.next();
        }

        assertThat(last).isInstanceOf(StreamEvent.End.class);
        connectionIsBack();
        stream.close();
        assertThat(stream.hasNext()).isFalse();
    }

    @Test
    void givesTheConnectionBackIfItIsNeverRead() throws Exception {
        ChatStream stream = factory.stream(REQUEST);
        assertThatThrownBy(factory::getConnection).isInstanceOf(ResourceAllocationException.class);

        stream.close();
        connectionIsBack();
        stream.close();
        connectionIsBack();
    }

    @Test
    void closedTwiceTakesNoConnectionOfAnother() throws Exception {
        ChatStream stream = factory.stream(REQUEST);
        stream.close();
        try (LlmConnection other = factory.getConnection()) {
            stream.close();
            assertThat(other.chat("Hi").text()).isNotEmpty();
        }
    }

    @Test
    void givesTheConnectionBackIfItCannotBegin() throws Exception {
        llm.simulator().faults().next(Fault.status(500));
        assertThatThrownBy(() -> factory.stream(REQUEST)).isInstanceOf(GenAiException.class);

        connectionIsBack();
    }

    @Test
    void givesTheConnectionBackIfItBreaksInItsMiddle() throws Exception {
        llm.simulator().faults().next(Fault.cutStream(2, End.RESET));
        ChatStream stream = factory.stream(REQUEST);
        assertThatThrownBy(() -> {
                    while (stream.hasNext()) {
                        stream.next();
                    }
                })
                .isInstanceOf(GenAiException.class);

        connectionIsBack();
        stream.close();
    }

    @Test
    void givesTheConnectionBackPastItsDeadline() throws Exception {
        llm.simulator().faults().next(Fault.endlessStream(2, Duration.ofMillis(5)));
        ChatStream stream = factory.stream(REQUEST.withTimeout(Duration.ofSeconds(3)));
        assertThatThrownBy(() -> {
                    while (stream.hasNext()) {
                        stream.next();
                    }
                })
                .isInstanceOfSatisfying(
                        GenAiException.class,
                        failure -> assertThat(failure.category()).isEqualTo(FailureCategory.DEADLINE));

        connectionIsBack();
    }

    @Test
    void failsIfThePoolIsExhausted() throws Exception {
        try (LlmConnection held = factory.getConnection()) {
            assertThatThrownBy(() -> factory.stream(REQUEST)).isInstanceOf(ResourceAllocationException.class);
            assertThat(held.chat("Hi").text()).isNotEmpty();
        }
        connectionIsBack();
    }
}
