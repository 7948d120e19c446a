package org.genaiconnector.storyboard;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ejb.EJBException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAllocationException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.junit.jupiter.api.Test;

class FailureTest {

    @Test
    void findsTheAdaptersExceptionBehindThatOfThePool() {
        GenAiException cause = new GenAiException(FailureCategory.AUTHENTICATION, "http://h refuses the key");
        ResourceException thrown = new ResourceAllocationException(
                "Error in allocating a connection. Cause: http://h refuses the key",
                new RuntimeException(new RuntimeException(cause)));

        Failure failure = Failure.of(thrown).orElseThrow();

        assertThat(failure.category()).isEqualTo(FailureCategory.AUTHENTICATION);
        assertThat(failure.message()).isEqualTo("http://h refuses the key");
    }

    @Test
    void findsItBehindAFailedCommit() {
        EJBException thrown =
                new EJBException(new RuntimeException(new GenAiException(FailureCategory.UNAVAILABLE, "gone")));

        assertThat(Failure.of(thrown)).map(Failure::category).contains(FailureCategory.UNAVAILABLE);
    }

    @Test
    void takesARefusalOfThePoolItselfForExhaustion() {
        assertThat(Failure.of(new ResourceAllocationException("In-use connections equal max-pool-size")))
                .map(Failure::category)
                .contains(FailureCategory.OVERLOADED);
    }

    @Test
    void namesThePropertyThatIsWrongWhateverThePoolSays() {
        String words = "Configuration property serverUrl must be an address such as http://host:8188";
        ResourceException thrown = new ResourceException(
                "IJ000453: Unable to get managed connection for java:app/genai/comfyui",
                new ResourceException("IJ000658: Unexpected throwable", new InvalidPropertyException(words)));

        assertThat(Failure.of(thrown)).contains(failure(FailureCategory.UNAVAILABLE, words));
        assertThat(Failure.of(new ResourceException(words))).contains(failure(FailureCategory.UNAVAILABLE, words));
        assertThat(Failure.logged(thrown)).isEqualTo(words);
    }

    private static Failure failure(FailureCategory category, String message) {
        return new Failure(category, message, Optional.empty(), false, Map.of());
    }

    @Test
    void keepsTheNodeErrorsOfARejectedWorkflow() {
        Map<String, List<NodeError>> errors = Map.of("3", List.of(new NodeError("bad_linked_input", "no", "")));

        Failure failure =
                Failure.of(new WorkflowRejectedException("no", errors)).orElseThrow();

        assertThat(failure.rejected()).isTrue();
        assertThat(failure.nodeErrors()).isEqualTo(errors);
    }

    @Test
    void leavesEverythingElseAlone() {
        assertThat(Failure.of(new EJBException(new IllegalStateException("a bug"))))
                .isEmpty();
    }

    @Test
    void leavesWhatABackendQuotesOutOfTheLog() {
        GenAiException cause = new GenAiException(
                FailureCategory.INVALID_REQUEST, "The prompt 'a secret' is too rude", null, false, null, 400, "req-1");
        RuntimeException thrown = new RuntimeException("a secret", cause);

        assertThat(Failure.logged(thrown)).isEqualTo("INVALID_REQUEST (status 400, request id req-1)");
        assertThat(Failure.logged(new IllegalStateException("a secret"))).isEqualTo("java.lang.IllegalStateException");
        StringWriter log = new StringWriter();
        Unquoted.of(thrown).printStackTrace(new PrintWriter(log, true));
        assertThat(log.toString())
                .startsWith("java.lang.RuntimeException")
                .contains("Caused by: org.genaiconnector.GenAiException", "FailureTest.java")
                .doesNotContain("secret", "rude");
    }
}
