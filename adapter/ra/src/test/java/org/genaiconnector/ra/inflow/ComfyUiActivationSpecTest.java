package org.genaiconnector.ra.inflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.resource.spi.InvalidPropertyException;
import java.beans.PropertyDescriptor;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an administrator or a bean's annotation may say. */
class ComfyUiActivationSpecTest {
    private final ComfyUiActivationSpec spec = new ComfyUiActivationSpec();

    @Test
    void theDefaultsAreValid() throws Exception {
        spec.validate();

        assertThat(spec.filter().kinds()).containsExactly(EventKind.ENDS);
        assertThat(spec.filter().scope()).isEqualTo(JobScope.SUBMITTED);
    }

    @Test
    void allProblemsAreReportedAtOnceWithDescriptors() {
        spec.setJobs("MINE");
        spec.setEvents("ENDS,BIRTHS");
        spec.setProgressMillis(-1);
        spec.setRedeliveryAttempts(null);
        spec.setRedeliveryDelayMillis(-2);
        spec.setMaxConcurrency(0);
        spec.setServerUrl("gpu-box:8188");

        InvalidPropertyException wrong = catchThrowableOfType(InvalidPropertyException.class, spec::validate);

        String[] properties = {
            "jobs",
            "events",
            "progressMillis",
            "redeliveryAttempts",
            "redeliveryDelayMillis",
            "maxConcurrency",
            "serverUrl"
        };
        assertThat(wrong.getInvalidPropertyDescriptors())
                .extracting(PropertyDescriptor::getName)
                .containsExactly(properties);
        assertThat(wrong).hasMessageContainingAll("MINE", "ENDS,BIRTHS", "-1", "null", "-2", "http://host:8188");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", "ALL,SUBMITTED", "none"})
    void jobsIsOneOfTwo(String text) {
        spec.setJobs(text);

        assertThatThrownBy(spec::validate).hasMessageContaining("must be SUBMITTED or ALL");
    }

    @Test
    void allJobsNeedAServer() {
        spec.setJobs("all");

        assertThatThrownBy(spec::validate).hasMessageContaining("serverUrl is missing");
        spec.setServerUrl("http://gpu-box:8188/");
        assertThatCode(spec::validate).doesNotThrowAnyException();
    }

    @Test
    void thePropertiesByWhichTheServerIsReachedAreCheckedToo() {
        spec.setServerUrl("https://gpu-box");
        spec.setTrustStoreFile("/no/such/file");

        InvalidPropertyException wrong = catchThrowableOfType(InvalidPropertyException.class, spec::validate);
        assertThat(wrong.getInvalidPropertyDescriptors())
                .extracting(PropertyDescriptor::getName)
                .containsExactly("trustStoreFile");
    }

    @Test
    void eventsAreNamedInAnyCaseAndOrder() throws Exception {
        spec.setEvents(" preview ,Ends");

        spec.validate();

        assertThat(spec.filter().kinds()).containsExactlyInAnyOrder(EventKind.PREVIEW, EventKind.ENDS);
    }

    @Test
    void theServerIsReachedWithEveryPropertyOfAConnectionFactory() throws Exception {
        assertThat(spec.connectionFactory(new GenAiResourceAdapter())).isEmpty();
        spec.setServerUrl("http://gpu-box:8188");
        spec.setApiPath("none");
        spec.setApiKey("secret");
        spec.setLostAfterMillis(0);
        spec.setVerifyHostName(false);

        ComfyUiManagedConnectionFactory expected = new ComfyUiManagedConnectionFactory();
        expected.setServerUrl("http://gpu-box:8188");
        expected.setApiPath("none");
        expected.setApiKey("secret");
        expected.setLostAfterMillis(0);
        expected.setVerifyHostName(false);
        assertThat(spec.connectionFactory(new GenAiResourceAdapter())).contains(expected);
    }
}
