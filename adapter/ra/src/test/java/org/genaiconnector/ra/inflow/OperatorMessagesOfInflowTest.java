package org.genaiconnector.ra.inflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.genaiconnector.ra.messages.OperatorMessage;
import org.genaiconnector.ra.messages.Produces;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Errors of message-driven beans and of the application server, and what the adapter logs. */
class OperatorMessagesOfInflowTest {
    private final TestInflow inflow = new TestInflow();

    /** An error that cannot even be described, because no memory is left. */
    private static final class Unprintable extends Error {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            throw new OutOfMemoryError("Java heap space");
        }
    }

    @AfterEach
    void close() throws InterruptedException {
        inflow.close();
    }

    @Test
    @Produces(OperatorMessage.RELEASE_FAILED)
    void aReleaseThatFailsEndsNoDelivery() throws Exception {
        inflow.endpoints.failRelease(() -> new IllegalStateException("no such endpoint"));
        inflow.activate();

        inflow.end("one");
        inflow.end("two");

        TestInflow.eventually(() -> inflow.bean.calls().size() == 2);
    }

    @Test
    @Produces(OperatorMessage.DELIVERING_FAILED)
    void deliveryStartsAgainAfterAnErrorOfTheContainer() throws Exception {
        inflow.endpoints.failRelease(Unprintable::new);
        inflow.activate();

        inflow.end("one");
        TestInflow.eventually(() -> inflow.bean.calls("one").size() == 1);
        inflow.end("two");

        TestInflow.eventually(() -> inflow.bean.calls("two").size() == 1);
    }

    @Test
    @Produces(OperatorMessage.FACTORY_NOT_WATCHED)
    void aBeanWhoseFactoryIsUnusableGetsTheJobsOfThisAdapter(@TempDir Path directory) throws Exception {
        inflow.with(spec -> spec.setJobs("ALL"))
                .with(spec -> spec.setServerUrl("http://127.0.0.1:9"))
                .with(spec -> spec.setApiKeyFile(directory.resolve("missing").toString()));
        inflow.activate();

        TestInflow.eventually(() -> inflow.container.waiting() == 1);
        assertThat(inflow.bean.calls()).isEmpty();
    }
}
