package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The core nodes that a graph is run for: they write files or show something. */
final class SaveNodes {
    private static final String PREFIX_TIP = "The prefix for the file to save. This may include formatting information"
            + " such as %date:yyyy-MM-dd% or %Empty Latent Image.width% to include values from nodes.";

    private SaveNodes() {}

    static List<NodeClass> all() {
        return List.of(saveImage(), previewImage(), saveImageWebsocket(), saveText(), previewAny());
    }

    private static NodeClass saveImage() {
        InputSpec prefix = InputSpec.text("filename_prefix", "ComfyUI").with("tooltip", PREFIX_TIP);
        return NodeClass.named("SaveImage")
                .shownAs("Save Image", "image")
                .describedAs("Saves the input images to your ComfyUI output directory.")
                .alsoKnownAs("save", "save image", "export image", "output image", "write image", "download")
                .basic()
                .takes(InputSpec.of("images", "IMAGE").with("tooltip", "The images to save."), prefix)
                .seesPrompt()
                .givesNamed("IMAGE", "images")
                .isOutput()
                .does(call -> save(
                        call,
                        call.text("filename_prefix"),
                        call.context().folders().output(),
                        "output"));
    }

    private static NodeClass previewImage() {
        return NodeClass.named("PreviewImage")
                .shownAs("Preview Image", "image")
                .describedAs("Preview the images without saving them to the ComfyUI output directory.")
                .alsoKnownAs("preview", "preview image", "show image", "view image", "display image", "image viewer")
                .basic()
                .takes(InputSpec.of("images", "IMAGE"))
                .seesPrompt()
                .givesNamed("IMAGE", "images")
                .isOutput()
                .does(call -> save(
                        call,
                        "ComfyUI_temp_" + call.context().tempLetters(),
                        call.context().folders().temp(),
                        "temp"));
    }

    private static NodeResult save(NodeCall call, String prefix, Path directory, String type) throws PythonError {
        Value.Images images = call.images("images");
        BufferedImage first = images.first();
        SavePath place = SavePath.find(prefix, directory, first.getWidth(), first.getHeight());
        Map<String, String> texts = embedded(call.context());
        ArrayNode saved = Json.array();
        Map<BufferedImage, byte[]> encoded = new IdentityHashMap<>();
        for (BufferedImage image : images.batch()) {
            write(place.file("_.png"), encoded.computeIfAbsent(image, i -> Pictures.png(i, texts)));
            saved.add(place.reference("_.png", type));
            place = place.next();
        }
        return NodeResult.of(images).showing("images", saved);
    }

    private static Map<String, String> embedded(NodeContext context) throws PythonError {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("prompt", Json.write(context.prompt()));
        JsonNode extra = context.extraPngInfo();
        if (!extra.isNull() && !extra.isObject()) {
            throw new PythonError("TypeError", "string indices must be integers, not 'str'");
        }
        extra.properties().forEach(entry -> texts.put(entry.getKey(), Json.write(entry.getValue())));
        return texts;
    }

    private static void write(Path file, byte[] bytes) throws PythonError {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new PythonError("OSError", e.toString(), e);
        }
    }

    private static NodeClass saveImageWebsocket() {
        return NodeClass.named("SaveImageWebsocket")
                .shownAs("SaveImageWebsocket", "api/image")
                .from("custom_nodes.websocket_image_save")
                .takes(InputSpec.of("images", "IMAGE"))
                .isOutput()
                .dependsOn(node -> UUID.randomUUID().toString()) // its result is the time, so it runs every time
                .does(call -> {
                    List<BufferedImage> batch = call.images("images").batch();
                    int step = 0;
                    for (BufferedImage image : batch) {
                        NodeContext.Preview whole =
                                new NodeContext.Preview(NodeContext.Format.PNG, Pictures.png(image));
                        call.context().progress(step++, batch.size(), whole);
                    }
                    return NodeResult.of();
                });
    }

    private static NodeClass saveText() {
        return NodeClass.named("SaveText")
                .shownAs("Save Text", "utils")
                .from("comfy_extras.nodes_text")
                .takes(
                        InputSpec.of("text", "STRING").on("forceInput"),
                        InputSpec.text("filename_prefix", "ComfyUI"),
                        InputSpec.oneOf("format", "txt", "csv", "md", "json"))
                .isOutput()
                .does(call -> {
                    String text = call.text("text");
                    Path directory = call.context().folders().output();
                    SavePath place = SavePath.find(call.text("filename_prefix"), directory, 0, 0);
                    String ending = "." + call.text("format");
                    write(place.file(ending), text.getBytes(StandardCharsets.UTF_8));
                    return NodeResult.of()
                            .showing("text", Json.array().add(text))
                            .showing("files", Json.array().add(place.reference(ending, "output")));
                });
    }

    private static NodeClass previewAny() {
        return NodeClass.named("PreviewAny")
                .shownAs("Preview as Text", "utils")
                .from("comfy_extras.nodes_preview_any")
                .alsoKnownAs("show output", "inspect", "debug", "print value", "show text")
                .takes(InputSpec.of("source", "*"))
                .gives("STRING")
                .isOutput()
                .does(call -> {
                    String text = Python.str(call.inputs().get("source").shown());
                    return NodeResult.of(new Value.Scalar(Json.array().textNode(text)))
                            .showing("text", Json.array().add(text));
                });
    }
}
