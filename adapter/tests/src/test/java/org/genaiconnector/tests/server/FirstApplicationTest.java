package org.genaiconnector.tests.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** The application and the test of the documentation, as a reader has them who copies both. */
class FirstApplicationTest {
    @Test
    void applicationCompilesWithTheApiAloneAndItsTestPasses(@TempDir Path directory) throws Exception {
        FirstApplication application = FirstApplication.compile(directory);
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        URL[] classes = {application.classes().toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(classes, getClass().getClassLoader())) {
            Class<?> test = loader.loadClass("com.example.illustrator.IllustratorTest");
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectClass(test))
                                    .build(),
                            listener);
        }

        TestExecutionSummary summary = listener.getSummary();
        assertThat(summary.getFailures())
                .extracting(failure -> failure.getException().toString())
                .isEmpty();
        assertThat(summary.getTestsSucceededCount()).isEqualTo(1);
    }
}
