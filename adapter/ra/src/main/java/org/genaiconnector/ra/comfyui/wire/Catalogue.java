package org.genaiconnector.ra.comfyui.wire;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.NodeClass;
import org.genaiconnector.comfyui.ServerFeatures;
import org.genaiconnector.ra.http.FailureTrait;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.json.JsonValues;

/** What a backend has: kinds of nodes, models, features. The methods are those of the connection handle. */
public final class Catalogue {
    /** Classes that hardly any workflow has together. */
    private static final int MANY = 100;

    private final ComfyUiBackend server;
    private final HttpConnection http;

    public Catalogue(ComfyUiBackend server, HttpConnection http) {
        this.server = server;
        this.http = http;
    }

    public Map<String, NodeClass> nodeClasses() throws GenAiException {
        Optional<Map<String, NodeClass>> known = server.memory.nodeClasses();
        if (known.isPresent()) {
            return known.get();
        }
        Map<String, NodeClass> all =
                http.call(HttpCall.get(server.objectInfo), answer -> NodeClassCodec.all(answer.jsonObject()));
        server.memory.learn(all);
        return all;
    }

    public Optional<NodeClass> nodeClass(String name) throws GenAiException {
        Optional<NodeClass> known = server.memory.nodeClass(name);
        return known.isPresent() ? known : askForNodeClass(name);
    }

    private Optional<NodeClass> askForNodeClass(String name) throws GenAiException {
        if (leadsElsewhere(name)) {
            return Optional.empty();
        }
        Map<String, NodeClass> one =
                http.call(HttpCall.get(server.objectInfo.sub(name)), answer -> NodeClassCodec.all(answer.jsonObject()));
        Optional<NodeClass> found = Optional.ofNullable(one.get(name));
        found.ifPresent(server.memory::learn);
        return found;
    }

    /** Below a route, no name asks for the route itself, and dots for the one above. */
    static boolean leadsElsewhere(String name) {
        return name.isEmpty() || name.equals(".") || name.equals("..");
    }

    /** Those of some classes that the backend has. */
    public Map<String, NodeClass> nodeClasses(Set<String> names) throws GenAiException {
        Map<String, NodeClass> found = new LinkedHashMap<>();
        if (names.size() > MANY) { // one large answer instead of very many small ones
            found.putAll(nodeClasses());
            found.keySet().retainAll(names);
            return found;
        }
        for (String name : names) {
            nodeClass(name).ifPresent(known -> found.put(name, known));
        }
        return found;
    }

    /** Tells whether any of some classes would be answered from memory. */
    public boolean remembersAnyOf(Set<String> names) {
        return names.stream().anyMatch(name -> server.memory.nodeClass(name).isPresent());
    }

    /** Names of classes that the backend replaces by others before it looks for them (0.14.0 and later). */
    public Set<String> replacedClasses() throws GenAiException {
        try {
            return http.call(HttpCall.get(server.nodeReplacements), HttpAnswer::jsonObject)
                    .keySet();
        } catch (GenAiException e) {
            if (FailureTrait.ROUTE_MISSING.of(e)) {
                return Set.of();
            }
            throw e;
        }
    }

    public Void forgetNodeClasses() {
        server.memory.forgetNodeClasses();
        return null;
    }

    public List<String> modelFolders() throws GenAiException {
        try {
            return names(server.models);
        } catch (GenAiException e) {
            throw FailureTrait.ROUTE_MISSING.of(e)
                    ? failure(FailureCategory.UNSUPPORTED, "is too old to tell its folders of models", e)
                    : e;
        }
    }

    public List<String> models(String folder) throws GenAiException {
        if (leadsElsewhere(folder)) {
            throw noFolder(folder, null);
        }
        try {
            return names(server.models.sub(folder));
        } catch (GenAiException e) {
            throw FailureTrait.ROUTE_MISSING.of(e) ? noFolder(folder, e) : e;
        }
    }

    private GenAiException noFolder(String folder, GenAiException cause) {
        return failure(FailureCategory.NOT_FOUND, "has no folder of models named \"" + folder + "\"", cause);
    }

    public List<String> embeddings() throws GenAiException {
        return names(server.embeddings);
    }

    private List<String> names(HttpResource resource) throws GenAiException {
        return http.call(HttpCall.get(resource), answer -> {
            if (answer.json() instanceof JsonArray array) {
                return array.stream().map(JsonValues::text).toList();
            }
            throw answer.failure(
                    FailureCategory.PROTOCOL,
                    "answered " + answer.path() + " with something else than a list: " + answer.excerpt(),
                    null);
        });
    }

    private GenAiException failure(FailureCategory category, String what, GenAiException cause) {
        return new GenAiException(category, server.name() + " " + what, cause);
    }

    public ServerFeatures features() throws GenAiException {
        ServerFeatures told = askForFeatures();
        server.memory.learn(told);
        return told;
    }

    private ServerFeatures askForFeatures() throws GenAiException {
        try {
            return http.call(HttpCall.get(server.features), answer -> features(answer.jsonObject()));
        } catch (GenAiException e) {
            if (FailureTrait.ROUTE_MISSING.of(e)) {
                return ServerFeatures.NONE;
            }
            throw e;
        }
    }

    public static ServerFeatures features(JsonObject told) {
        return new ServerFeatures(
                told.get("max_upload_size") instanceof JsonNumber size
                        ? OptionalLong.of(size.bigDecimalValue().longValue())
                        : OptionalLong.empty(),
                told.get("supports_preview_metadata") == JsonValue.TRUE,
                told.get("assets") == JsonValue.TRUE,
                told);
    }

    /** The largest body of a request; asked again only when the answer is old. */
    public OptionalLong maxUploadSize() throws GenAiException {
        Optional<ServerFeatures> known = server.memory.features();
        return (known.isPresent() ? known.get() : features()).maxUploadSize();
    }
}
