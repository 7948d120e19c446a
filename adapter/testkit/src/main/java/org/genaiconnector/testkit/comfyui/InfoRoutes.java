package org.genaiconnector.testkit.comfyui;

import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.ASSETS;
import static org.genaiconnector.testkit.comfyui.ServerVersion.Since.ASYNC_EXECUTOR;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The routes that describe the server: version, features, node classes. */
final class InfoRoutes {
    private static final long RAM = 25_276_510_208L;
    private static final long RAM_FREE = 24_140_574_720L;
    private static final Map<String, List<String>> MODELS =
            Map.of("checkpoints", DiffusionNodes.CHECKPOINTS, "loras", List.of(), "vae", List.of());
    private static final Map<String, String> PACKAGES = new TreeMap<>(Map.of(
            "comfyui-frontend-package", "1.49.6",
            "comfyui-workflow-templates", "0.11.44",
            "comfyui-embedded-docs", "0.5.10",
            "comfy-kitchen", "0.2.31",
            "comfy-aimdo", "0.4.13"));
    private static final List<String> FOLDERS = List.of("checkpoints", "loras", "vae");

    private final ServerVersion version;
    private final NodeClasses classes;
    private final ObjectNode features;

    InfoRoutes(ServerVersion version, NodeClasses classes, ObjectNode features) {
        this.version = version;
        this.classes = classes;
        this.features = features;
    }

    void addTo(Routes routes) {
        if (version.has(ASYNC_EXECUTOR)) {
            routes.get("/features", exchange -> Answer.json(features));
        }
        routes.get("/", exchange -> page())
                .get("/system_stats", exchange -> Answer.json(stats()))
                .get("/object_info", exchange -> Answer.json(classes.describe()))
                .get("/object_info/{class}", exchange -> Answer.json(info(exchange.variable("class"))))
                .get("/models", exchange -> Answer.json(Json.strings(FOLDERS)))
                .get("/models/{folder}", exchange -> models(exchange.variable("folder")))
                .get("/embeddings", exchange -> Answer.json(Json.array()))
                .get("/extensions", exchange -> Answer.json(Json.array()));
    }

    /** The answer of {@code /features}, which clients also get in return for their flags. */
    static ObjectNode features(ServerVersion version, double maxUploadBytes) {
        ObjectNode features =
                Json.object().put("supports_preview_metadata", true).put("supports_model_type_tags", true);
        if (maxUploadBytes == Math.rint(maxUploadBytes)) {
            features.put("max_upload_size", (long) maxUploadBytes);
        } else {
            features.put("max_upload_size", maxUploadBytes);
        }
        features.putObject("extension").putObject("manager").put("supports_v4", true);
        return features.put("node_replacements", true).put("assets", version.has(ASSETS));
    }

    private static Answer page() {
        String html = "<!DOCTYPE html><title>ComfyUI simulator</title><p>This is a simulator without a user interface.";
        return Answer.bytes(200, "text/html", html.getBytes(StandardCharsets.UTF_8));
    }

    private ObjectNode info(String className) {
        ObjectNode info = Json.object();
        classes.find(className).ifPresent(found -> info.set(className, found.describe()));
        return info;
    }

    private static Answer models(String folder) {
        List<String> files = MODELS.get(folder);
        return files == null ? Answer.empty(404) : Answer.json(Json.strings(files));
    }

    private ObjectNode stats() {
        ObjectNode stats = Json.object();
        ObjectNode system = stats.putObject("system");
        system.put("os", "linux").put("ram_total", RAM).put("ram_free", RAM_FREE);
        system.put("comfyui_version", version.toString()).put("required_frontend_version", "1.49.6");
        system.putNull("installed_templates_version").put("required_templates_version", "0.11.44");
        ArrayNode packages = system.putArray("comfy_package_versions");
        PACKAGES.forEach((name, required) ->
                packages.addObject().put("name", name).putNull("installed").put("required", required));
        system.put("python_version", "3.11.7 (main, May  9 2026, 07:35:25) [GCC 12.2.0]");
        system.put("pytorch_version", "2.13.0+cpu").put("embedded_python", false);
        system.put("deploy_environment", "local-git");
        system.set("argv", Json.strings(List.of("main.py", "--cpu", "--disable-auto-launch")));
        stats.putArray("devices")
                .addObject()
                .put("name", "cpu")
                .put("type", "cpu")
                .putNull("index")
                .put("vram_total", RAM)
                .put("vram_free", RAM_FREE)
                .put("torch_vram_total", RAM)
                .put("torch_vram_free", RAM_FREE);
        return stats;
    }
}
