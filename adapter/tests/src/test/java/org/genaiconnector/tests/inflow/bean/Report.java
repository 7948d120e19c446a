package org.genaiconnector.tests.inflow.bean;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.genaiconnector.comfyui.JobEvent;

/** Reports an event to the test, and returns how the bean must react. */
final class Report {
    private static final String RECEIVER = System.getProperty("inflow.reports");

    private Report() {}

    static String of(String bean, String method, JobEvent event) {
        return send(bean, method, event.jobId() + " " + event.id() + " " + event.delivery());
    }

    static String send(String bean, String method, String text) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(RECEIVER).toURL().openConnection();
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.getOutputStream().write((bean + " " + method + " " + text).getBytes(StandardCharsets.UTF_8));
            return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
