package org.genaiconnector.tests.payara;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.genaiconnector.tests.payara.testapp.CallResource;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** Client of the test application inside the application server. */
public final class TestApplicationClient {
    private static final Duration LONGEST = Duration.ofMinutes(2);

    /** Not HTTP/2: Payara ends its sessions after half a minute, even while it serves a request. */
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI base;

    public TestApplicationClient(URL application) {
        base = URI.create(application + "testapp/");
    }

    public static WebArchive archive() {
        return ShrinkWrap.create(WebArchive.class, "testapp.war").addPackage(CallResource.class.getPackage());
    }

    /**
     * Outcome of a call.
     *
     * @param failed whether an exception was thrown
     * @param text the result, or the exception
     */
    public record Outcome(boolean failed, String text) {}

    /** The version of ComfyUI, asked on a borrowed connection. */
    public Outcome version(String factory) throws IOException, InterruptedException {
        return get("version", Map.of("factory", factory));
    }

    /** Three transactions with several connections to ComfyUI open in each, which queue eight prompts. */
    public Outcome nested(String factory) throws IOException, InterruptedException {
        return get("nested", Map.of("factory", factory));
    }

    /** How many connections to ComfyUI are active while two are borrowed. */
    public Outcome two(String factory) throws IOException, InterruptedException {
        return get("nested/two", Map.of("factory", factory));
    }

    /** The answer of a model, asked on a borrowed connection. */
    public Outcome chat(String factory, String text) throws IOException, InterruptedException {
        return get("chat", Map.of("factory", factory, "text", text));
    }

    /** The answer of a model, asked with a key of the caller's own. */
    public Outcome chat(String factory, String key, String text) throws IOException, InterruptedException {
        return get("chat-with-key", Map.of("factory", factory, "key", key, "text", text));
    }

    /** The answer of a model, asked on a borrowed connection of the factory that was looked up first under that name. */
    public Outcome chatOnKept(String factory, String text) throws IOException, InterruptedException {
        return get("kept", Map.of("factory", factory, "text", text));
    }

    /** What the button Ping does in the administration console. */
    public String ping(String pool) throws IOException, InterruptedException {
        return asadmin("ping-connection-pool", pool);
    }

    /** Runs an administration command; the result begins with {@code SUCCESS} or {@code FAILURE}. */
    public String asadmin(String command, String... arguments) throws IOException, InterruptedException {
        List<Map.Entry<String, String>> parameters = new ArrayList<>(List.of(Map.entry("command", command)));
        Arrays.stream(arguments).forEach(argument -> parameters.add(Map.entry("argument", argument)));
        return send("GET", "asadmin", parameters).text();
    }

    /** Borrows a connection and keeps it; the text is its number. */
    public Outcome borrow(String factory) throws IOException, InterruptedException {
        return send("POST", "loans", List.of(Map.entry("factory", factory)));
    }

    /** The answer of a model, asked on a connection that was borrowed and kept. */
    public Outcome chatOn(String loan, String text) throws IOException, InterruptedException {
        return get("loans/" + loan, Map.of("text", text));
    }

    /** Closes a connection that was borrowed and kept. */
    public Outcome giveBack(String loan) throws IOException, InterruptedException {
        return send("DELETE", "loans/" + loan, List.of());
    }

    /** The adapter's figures of a factory, by name. */
    public Map<String, Long> figures(String factory) throws IOException, InterruptedException {
        return get("figures", Map.of("factory", factory))
                .text()
                .lines()
                .map(line -> line.split("="))
                .collect(Collectors.toMap(parts -> parts[0], parts -> Long.valueOf(parts[1])));
    }

    private Outcome get(String operation, Map<String, String> parameters) throws IOException, InterruptedException {
        return send("GET", operation, parameters.entrySet());
    }

    private Outcome send(String method, String operation, Collection<Map.Entry<String, String>> parameters)
            throws IOException, InterruptedException {
        String query = parameters.stream()
                .map(parameter ->
                        parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(base.resolve(operation + "?" + query))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(LONGEST)
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        return switch (response.statusCode()) {
            case 200 -> new Outcome(false, response.body());
            case 500 -> new Outcome(true, response.body());
            default ->
                throw new IOException(request.uri() + " answered " + response.statusCode() + ": " + response.body());
        };
    }
}
