package org.genaiconnector.ra.comfyui.wire;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.Output;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.OutputText;
import org.genaiconnector.comfyui.OutputValue;

/**
 * Reads the outputs of a node, {@code {kind: [item...]}}: an item with a file name in one of ComfyUI's directories is a
 * file, strings are texts, anything else a value. 3D nodes name their files by strings; {@code /api/jobs} makes every
 * string that ends like a 3D file into an object with a {@code filename}, texts too (0.33.0). Here both routes give the
 * same.
 */
final class OutputCodec {
    private static final Set<String> MODELS =
            Set.of("obj", "fbx", "gltf", "glb", "usd", "usda", "usdc", "usdz", "stl", "ply", "splat", "ksplat", "spz");
    private static final Pattern MODEL_FILE =
            Pattern.compile("(?<name>[^\\p{Cntrl}]{1,1000}\\.(?<end>\\w{3,6}))( \\[(?<type>input|output|temp)])?");

    private OutputCodec() {}

    static List<Output> outputs(String node, JsonValue shown) {
        if (!(shown instanceof JsonObject kinds)) {
            return outputs(node, "", shown).toList();
        }
        List<Output> found = new ArrayList<>();
        for (Map.Entry<String, JsonValue> kind : kinds.entrySet()) {
            outputs(node, kind.getKey(), kind.getValue()).forEach(found::add);
        }
        if (found.stream().anyMatch(OutputFile.class::isInstance)) {
            found.removeIf(OutputCodec::isHintToThePage);
        }
        return found;
    }

    private static Stream<Output> outputs(String node, String kind, JsonValue items) {
        Stream<JsonValue> each = items instanceof JsonArray list ? list.stream() : Stream.ofNullable(items);
        return each.filter(item -> item != JsonValue.NULL).map(item -> output(node, kind, item));
    }

    /** {@code "animated": [true]} beside {@code images} tells the page to play them. */
    private static boolean isHintToThePage(Output output) {
        return output.kind().equals("animated")
                && output instanceof OutputValue hint
                && (hint.value() == JsonValue.TRUE || hint.value() == JsonValue.FALSE);
    }

    private static Output output(String node, String kind, JsonValue item) {
        if (item instanceof JsonString text) {
            return (isText(kind) ? Optional.<Output>empty() : model(node, kind, text.getString()))
                    .orElseGet(() -> new OutputText(node, kind, text.getString()));
        }
        if (item instanceof JsonObject file && file.get("filename") instanceof JsonString name) {
            return isText(kind)
                            && file.get("mediaType") instanceof JsonString media
                            && media.getString().equals("3d")
                    ? new OutputText(node, kind, name.getString())
                    : FileDirectory.ofType(file.getString("type", "output"))
                            .<Output>map(directory ->
                                    file(node, kind, name.getString(), file.getString("subfolder", ""), directory))
                            .orElseGet(() -> new OutputValue(node, kind, file)); // no route leads to it
        }
        return new OutputValue(node, kind, item);
    }

    private static boolean isText(String kind) {
        String lower = kind.toLowerCase(Locale.ROOT);
        return lower.startsWith("text") || lower.startsWith("string");
    }

    /** {@code mesh/castle.glb}, also {@code mesh/castle.glb [output]}. */
    private static Optional<Output> model(String node, String kind, String text) {
        Matcher parts = MODEL_FILE.matcher(text);
        if (!parts.matches() || !MODELS.contains(parts.group("end").toLowerCase(Locale.ROOT))) {
            return Optional.empty();
        }
        FileDirectory directory = FileDirectory.ofType(Objects.requireNonNullElse(parts.group("type"), "output"))
                .orElseThrow();
        return Optional.of(file(node, kind, parts.group("name"), "", directory));
    }

    /** Backends take a name and its folder only apart. */
    private static OutputFile file(String node, String kind, String path, String subfolder, FileDirectory directory) {
        int slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
        if (slash < 0) {
            return new OutputFile(node, kind, path, normal(subfolder), directory);
        }
        String above = path.substring(0, Math.max(slash, 1)).replace('\\', '/');
        boolean absolute = above.startsWith("/") || above.matches("[A-Za-z]:.*"); // stays one, and is not asked for
        String folder = absolute || subfolder.isEmpty() ? above : subfolder + "/" + above;
        return new OutputFile(node, kind, path.substring(slash + 1), normal(folder), directory);
    }

    /** Without {@code .}, which leads nowhere. */
    private static String normal(String folder) {
        List<String> segments = List.of(folder.split("[/\\\\]", -1));
        if (!segments.contains(".")) {
            return folder;
        }
        String rest = String.join(
                "/",
                segments.stream()
                        .filter(segment -> !segment.equals(".") && !segment.isEmpty())
                        .toList());
        return segments.get(0).isEmpty() ? "/" + rest : rest;
    }
}
