package org.genaiconnector.tests.inflow.bean;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.genaiconnector.comfyui.JobEvent;

/** Tells the test what a bean has heard, and returns how the bean shall react. */
final class Report {
    private static final String EARS = System.getProperty("inflow.ears");

    private Report() {}

    static String of(String bean, String method, JobEvent event) {
        return send(bean, method, event.jobId() + " " + event.id() + " " + event.delivery());
    }

    static String send(String bean, String method, String text) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(EARS).toURL().openConnection();
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.getOutputStream().write((bean + " " + method + " " + text).getBytes(StandardCharsets.UTF_8));
            return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
