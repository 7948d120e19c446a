package org.genaiconnector.ra.inflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.resource.spi.InvalidPropertyException;
import java.beans.PropertyDescriptor;
import java.time.Duration;
import java.util.Optional;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.connection.JobStoreSettings;
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
        expected.setJobStore("none");
        assertThat(spec.connectionFactory(new GenAiResourceAdapter())).contains(expected);
    }

    private static final JobStoreSettings STORE_FOR_ALL =
            new JobStoreSettings(Optional.of("jdbc/jobs"), false, Duration.ofSeconds(1), Duration.ZERO, 0);

    @Test
    void aSubscriptionUsesTheStoreOfTheAdapterUnlessItHasItsOwn() throws Exception {
        assertThat(spec.subscription(STORE_FOR_ALL)).isEmpty();
        spec.setSubscription(" mail ");
        spec.setServerUrl("http://gpu-box:8188/");
        spec.setTag("story");
        assertThat(spec.subscription(STORE_FOR_ALL))
                .contains(new SubscriptionSettings(
                        "mail", "jdbc/jobs", Optional.of("http://gpu-box:8188"), Optional.of("story")));

        spec.setJobStore("jdbc/own");
        assertThat(spec.subscription(STORE_FOR_ALL).orElseThrow().store()).isEqualTo("jdbc/own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "none"})
    void aSubscriptionNeedsAStore(String store) {
        spec.setSubscription("mail");
        spec.setJobStore(store);

        assertThatThrownBy(() -> spec.subscription(JobStoreSettings.USUAL))
                .isInstanceOf(InvalidPropertyException.class)
                .hasMessageContaining(
                        "subscription is mail, but there is no job store: set jobStore of the resource adapter, or of this"
                                + " activation");
    }

    @Test
    void aSubscriptionIsForEndsOfSubmittedJobs() {
        spec.setSubscription("mail");
        spec.setServerUrl("http://gpu-box:8188");
        spec.setJobs("ALL");
        assertThatThrownBy(spec::validate).hasMessageContainingAll("subscription is mail", "jobs=ALL");

        spec.setJobs("SUBMITTED");
        spec.setEvents("PROGRESS,PREVIEW");
        assertThatThrownBy(spec::validate)
                .hasMessageContainingAll("subscription is mail", "events=PROGRESS", "add ENDS");

        spec.setEvents("ENDS,PROGRESS");
        assertThatCode(spec::validate).doesNotThrowAnyException();
    }

    @Test
    void aSubscriptionHasAtMost100Characters() {
        spec.setSubscription("s".repeat(100));
        assertThatCode(spec::validate).doesNotThrowAnyException();

        spec.setSubscription("s".repeat(101));
        assertThatThrownBy(spec::validate)
                .hasMessageContaining("subscription must have 1 to 100 characters, but has 101");
    }
}
