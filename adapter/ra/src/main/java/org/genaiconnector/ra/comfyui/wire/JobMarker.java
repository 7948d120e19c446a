package org.genaiconnector.ra.comfyui.wire;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.genaiconnector.ra.json.JsonValues;
import org.genaiconnector.ra.telemetry.Telemetry;

/**
 * What this adapter writes into the {@code extra_data} of its jobs, and by which it knows them again after a restart of the
 * application server.
 *
 * @param id as it was wanted; backends before 0.3.45 give the job another one
 * @param tag of the submission
 * @param home of the adapter, see {@link #HOME}
 * @param trace context of the span of the submission, which stands beside the marker
 */
public record JobMarker(String id, Optional<String> tag, String home, Optional<String> trace) {
    private static final JsonProvider JSON = JsonProvider.provider();
    private static final String KEY = "genai_connector";

    /**
     * Which application server this is: the same after a restart, another one for other application servers that use
     * the same ComfyUI, because they track their jobs themselves.
     */
    public static final String HOME = thisServer();

    /** Of jobs of a job store, which any application server may go on with that uses the store. */
    public static final String OF_STORE =
            UUID.nameUUIDFromBytes("job store".getBytes(StandardCharsets.UTF_8)).toString();

    /** One that is to be written or looked for. */
    public JobMarker(String id, Optional<String> tag, String home) {
        this(id, tag, home, Optional.empty());
    }

    private static String thisServer() {
        String instance = Stream.of("com.sun.aas.instanceName", "jboss.node.name", "wlp.server.name", "user.dir")
                .map(name -> System.getProperty(name, ""))
                .collect(Collectors.joining("|", hostName() + "|", ""));
        return UUID.nameUUIDFromBytes(instance.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** The home of an application server that was given a name, wherever it runs. */
    public static String homeOf(String instanceName) {
        return UUID.nameUUIDFromBytes(("name|" + instanceName).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return ""; // then the rest has to do
        }
    }

    /** The marker in a job's {@code extra_data}, if it has one. */
    public static Optional<JobMarker> in(JsonValue extraData) {
        return JsonValues.object(extraData).get(KEY) instanceof JsonObject marker
                ? Optional.of(new JobMarker(
                        JsonValues.text(marker.get("id")),
                        JsonValues.string(marker.get("tag")),
                        JsonValues.text(marker.get("home")),
                        JsonValues.string(JsonValues.object(extraData).get(Telemetry.TRACEPARENT))))
                : Optional.empty();
    }

    /** The same {@code extra_data} with this marker. */
    public JsonObject in(JsonObject extraData) {
        JsonObjectBuilder marker = JSON.createObjectBuilder().add("id", id).add("home", home);
        tag.ifPresent(name -> marker.add("tag", name));
        return JSON.createObjectBuilder(extraData).add(KEY, marker).build();
    }
}
