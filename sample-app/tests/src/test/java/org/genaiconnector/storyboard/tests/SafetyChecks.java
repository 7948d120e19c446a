package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What foreign pages and foreign workflows must not be able to do in a user's browser. */
interface SafetyChecks extends Application {

    /** Pages that set a mark in the storage of their origin when they run. */
    Map<String, String> DOCUMENTS = Map.of(
            "page.html",
            "<!DOCTYPE html><script>localStorage.setItem('ran','html')</script>",
            "page.xhtml",
            "<html xmlns='http://www.w3.org/1999/xhtml'><script>localStorage.setItem('ran','xhtml')</script></html>",
            "page.svg",
            "<svg xmlns='http://www.w3.org/2000/svg'><script>localStorage.setItem('ran','svg')</script></svg>",
            "page.xml",
            "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>localStorage.setItem('ran','xml')</x:script>",
            "page.png",
            "<!DOCTYPE html><script>localStorage.setItem('ran','png')</script>");

    @ParameterizedTest
    @CsvSource({
        "POST, /api/comfyui/interrupt",
        "POST, /api/uploads",
        "POST, /api/stories",
        "POST, /api/jobs",
        "DELETE, /api/jobs/any",
        "DELETE, /api/stories/any",
        "DELETE, /api/statistics",
        "POST, /api/stories/any/scenes/0",
    })
    default void refusesChangesFromAForeignPage(String method, String path) throws Exception {
        for (List<String> header : List.of(
                List.of("Origin", "http://evil.example"),
                List.of("Origin", "null"),
                List.of("Sec-Fetch-Site", "cross-site"),
                List.of("Sec-Fetch-Site", "same-site"))) {
            HttpRequest.Builder request =
                    rest().request(path).method(method, BodyPublishers.noBody()).header(header.get(0), header.get(1));

            rest().send(request).error(403, "PERMISSION");
        }
    }

    @Test
    default void acceptsChangesFromItsOwnPage() throws Exception {
        URI own = storyboard().uri();
        rest().send(rest().request("/api/statistics")
                        .DELETE()
                        .header("Origin", "http://localhost:" + own.getPort())
                        .header("Sec-Fetch-Site", "same-origin"))
                .expect(204);
    }

    @ParameterizedTest
    @CsvSource({"GET, /api/stories", "GET, /", "GET, /js/main.js", "POST, /api/comfyui/interrupt", "GET, /api/events"})
    default void answersOnlyUnderItsOwnName(String method, String path) throws Exception {
        assertThat(statusLine(method, path, "evil.example:" + storyboard().uri().getPort()))
                .contains(" 421 ");
    }

    /** Over a plain socket, because HTTP clients set the header themselves. */
    private String statusLine(String method, String path, String host) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", storyboard().uri().getPort())) {
            socket.getOutputStream()
                    .write((method + " " + path + " HTTP/1.1\r\nHost: " + host
                                    + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }

    @Test
    default void sendsAContentSecurityPolicyWithItsPages() throws Exception {
        for (String path : List.of("/", "/operations.html", "/js/main.js", "/api/jobs", "/api/jobs/unknown")) {
            Rest.Answer answer = rest().get(path);

            assertThat(answer.headers().allValues("X-Content-Type-Options"))
                    .as(path)
                    .containsExactly("nosniff");
            assertThat(answer.headers().allValues("Content-Security-Policy"))
                    .as(path)
                    .singleElement()
                    .asString()
                    .contains("default-src 'none'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe-eval");
        }
    }

    @Test
    default void servesNoOutputAsAPageOfItsOwn() throws Exception {
        try {
            for (String name : DOCUMENTS.keySet()) {
                assertIsNoPage(name);
            }
        } finally {
            backends().comfyUiFaults().clear();
        }
    }

    private void assertIsNoPage(String name) throws Exception {
        Rest.Answer output = rest().get(foreignOutput(name)).expect(200);

        boolean picture = name.endsWith(".png");
        assertThat(output.text()).isEqualTo(DOCUMENTS.get(name));
        assertThat(output.headers().allValues("Content-Type"))
                .containsExactly(picture ? "image/png" : "application/octet-stream");
        assertThat(output.headers().firstValue("Content-Disposition"))
                .hasValueSatisfying(value -> assertThat(value)
                        .startsWith(picture ? "inline" : "attachment")
                        .contains(name));
        assertThat(output.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(output.headers().allValues("Content-Security-Policy"))
                .singleElement()
                .asString()
                .contains("sandbox", "default-src 'none'");
    }

    @Test
    default void runsNoOutputInABrowser() throws Exception {
        Browser browser = browser();
        try {
            String page = storyboard().uri().toString();
            for (String name : DOCUMENTS.keySet()) {
                browser.driver().get(page);
                browser.driver().executeScript("localStorage.setItem('ran', 'nothing')");
                browser.driver()
                        .get(storyboard().uri().resolve(foreignOutput(name)).toString());

                browser.driver().get(page);
                assertThat(browser.driver().executeScript("return localStorage.getItem('ran')"))
                        .as(name)
                        .isEqualTo("nothing");
            }
        } finally {
            browser.leave();
            backends().comfyUiFaults().clear();
        }
    }

    /** The address of an output of a foreign workflow, with the worst media type that a backend could declare. */
    private String foreignOutput(String name) throws Exception {
        String id = java.util.UUID.randomUUID().toString();
        String type =
                switch (name) {
                    case "page.svg" -> "image/svg+xml";
                    case "page.xml" -> "text/xml";
                    case "page.xhtml" -> "application/xhtml+xml";
                    case "page.png" ->
                        "image/png"; // the adapter takes HTML in place of a picture for the page of a proxy
                    default -> "text/html";
                };
        backends()
                .comfyUiFaults()
                .clear()
                .always(
                        Match.path("/api/jobs/" + id),
                        Fault.status(200)
                                .json("{\"id\":\"" + id
                                        + "\",\"status\":\"completed\",\"create_time\":1,\"outputs_count\":1,"
                                        + "\"outputs\":{\"9\":{\"images\":[{\"filename\":\"" + name
                                        + "\",\"subfolder\":\"\",\"type\":\"output\"}]}}}"))
                .always(Match.path("/api/view"), Fault.status(200).body(type, DOCUMENTS.get(name)));
        JsonObject job = rest().get("/api/jobs/" + id).expect(200).object();
        assertThat(job.getJsonArray("outputs")).as("%s", job).hasSize(1);
        return job.getJsonArray("outputs").getJsonObject(0).getString("url");
    }
}
