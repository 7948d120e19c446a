package org.genaiconnector.testkit.comfyui;

import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.NODE_REPLACEMENTS;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The routes that ComfyUI's own page needs: settings, users, logs, templates. */
final class PageRoutes {
    private static final ServerVersion TYPED_FILES = ServerVersion.of("0.20.0");
    private static final String STARTED = "Starting server\n";

    private final ServerVersion version;
    private final Folders folders;
    private final ObjectNode settings = Json.object();

    PageRoutes(ServerVersion version, Folders folders) {
        this.version = version;
        this.folders = folders;
    }

    void addTo(Routes routes) {
        routes.get("/settings", exchange -> Answer.json(settings()))
                .post("/settings", this::changeSettings)
                .get("/settings/{id}", exchange -> setting(exchange.variable("id")))
                .post("/settings/{id}", this::changeSetting)
                .get("/users", exchange -> Answer.json(users()))
                .get("/workflow_templates", exchange -> Answer.json(Json.object()))
                .get("/i18n", exchange -> Answer.json(Json.object()))
                .get("/internal/logs", exchange -> Answer.json(Json.array().textNode(STARTED)))
                .get("/internal/logs/raw", exchange -> Answer.json(logs()))
                .patch("/internal/logs/subscribe", exchange -> Answer.empty(200))
                .get("/internal/folder_paths", exchange -> Answer.json(paths()))
                .get("/internal/files/{type}", exchange -> files(exchange.variable("type")));
        if (version.has(NODE_REPLACEMENTS)) {
            routes.get("/node_replacements", exchange -> Answer.json(Json.object()));
        }
    }

    private ObjectNode settings() {
        synchronized (settings) {
            return settings.deepCopy();
        }
    }

    private Answer setting(String id) {
        ObjectNode known = settings();
        return Answer.json(known.has(id) ? known.get(id) : NullNode.getInstance());
    }

    private Answer changeSettings(Exchange exchange) throws PythonError, IOException {
        if (!(exchange.json() instanceof ObjectNode changed)) {
            throw new PythonError("TypeError", "the body is not a mapping");
        }
        synchronized (settings) {
            settings.setAll(changed);
        }
        return Answer.empty(200);
    }

    private Answer changeSetting(Exchange exchange) throws IOException {
        var value = exchange.json();
        synchronized (settings) {
            settings.set(exchange.variable("id"), value);
        }
        return Answer.empty(200);
    }

    private ObjectNode users() {
        return Json.object()
                .put("storage", "server")
                .put("migrated", !settings().isEmpty());
    }

    private static ObjectNode logs() {
        ObjectNode logs = Json.object();
        logs.putArray("entries")
                .addObject()
                .put("t", "2026-11-23T10:00:00.000000")
                .put("m", STARTED);
        logs.putObject("size").put("cols", 80).put("rows", 24);
        return logs;
    }

    private static ObjectNode paths() {
        ObjectNode paths = Json.object();
        for (String folder : List.of("checkpoints", "loras", "vae")) {
            paths.putArray(folder).add("/srv/comfyui/models/" + folder);
        }
        return paths;
    }

    /** The newest first, without those in folders. */
    private Answer files(String type) {
        Optional<Path> directory = folders.byType(type);
        if (directory.isEmpty()) {
            return Answer.json(400, Json.object().put("error", "Invalid directory type"));
        }
        ArrayNode names = Json.array();
        try (Stream<Path> files = Files.list(directory.get())) {
            files.filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(PageRoutes::modified).reversed())
                    .map(file -> file.getFileName().toString())
                    .forEach(name -> names.add(version.compareTo(TYPED_FILES) < 0 ? name : name + " [" + type + "]"));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + directory.get(), e);
        }
        return Answer.json(names);
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot look at " + file, e);
        }
    }
}
