package org.genaiconnector.langchain4j;

import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.CDI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.genaiconnector.llm.LlmConnectionFactory;

/**
 * An entry of the configuration: one factory and the models over it. Values are checked when the application is deployed; JNDI is
 * asked when a model is first used.
 */
final class ModelEntry {
    private static final Set<String> CHAT_KEYS = Set.of(
            "factory",
            "models",
            "model",
            "temperature",
            "max-output-tokens",
            "timeout",
            "strict-json-schema",
            "dimensions",
            "executor",
            "caller");
    private static final Set<String> IMAGE_KEYS = Set.of(
            "factory",
            "models",
            "template",
            "prompt-parameter",
            "image-parameter",
            "mask-parameter",
            "timeout",
            "caller");

    private final String name;
    private final Map<String, String> values;
    private final Set<ModelKind> kinds;

    private ModelEntry(String name, Map<String, String> values) {
        this.name = name;
        this.values = values;
        this.kinds = configuredKinds();
        check();
    }

    /**
     * The entries of a configuration, by their names.
     *
     * @throws IllegalArgumentException with the key that is wrong
     */
    static List<ModelEntry> of(SortedMap<String, String> settings) {
        SortedMap<String, Map<String, String>> grouped = new TreeMap<>();
        settings.forEach((key, value) -> {
            int dot = key.indexOf('.');
            if (dot < 1) {
                throw new IllegalArgumentException(ModelSettings.PREFIX + key
                        + ": the key has no name of a model, as in " + ModelSettings.PREFIX + "writer." + key);
            }
            grouped.computeIfAbsent(key.substring(0, dot), any -> new TreeMap<>())
                    .put(key.substring(dot + 1), value);
        });
        return grouped.entrySet().stream()
                .map(entry -> new ModelEntry(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** The name of its beans. */
    String name() {
        return name;
    }

    /** What it offers: images with a template, else everything about texts unless configured. */
    Set<ModelKind> kinds() {
        return kinds;
    }

    private Set<ModelKind> configuredKinds() {
        String words = values.get("models");
        if (words == null) {
            EnumSet<ModelKind> image = EnumSet.of(ModelKind.IMAGE);
            return values.containsKey("template") ? image : EnumSet.complementOf(image);
        }
        return Arrays.stream(words.split(","))
                .map(word -> ModelKind.of(word.strip(), key("models")))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(ModelKind.class)));
    }

    String key(String property) {
        return ModelSettings.PREFIX + name + "." + property;
    }

    private void check() {
        boolean image = kinds.contains(ModelKind.IMAGE);
        if (image && kinds.size() > 1) {
            throw new IllegalArgumentException(
                    key("models") + ": images come from another factory than texts; make two entries");
        }
        Set<String> known = image ? IMAGE_KEYS : CHAT_KEYS;
        for (String property : values.keySet()) {
            if (!known.contains(property)) {
                throw new IllegalArgumentException(key(property) + ": there is no such property; "
                        + (image ? "images have " : "there are ")
                        + known.stream().sorted().collect(Collectors.joining(", ")));
            }
        }
        for (String required : image ? List.of("factory", "template") : List.of("factory")) {
            if (!values.containsKey(required)) {
                throw new IllegalArgumentException(key(required) + " is missing: the JNDI name of the "
                        + (required.equals("factory") ? "connection factory" : "workflow template"));
            }
        }
        parsed("temperature", Double::valueOf, "a number");
        parsed("max-output-tokens", Integer::valueOf, "a whole number");
        parsed("dimensions", Integer::valueOf, "a whole number");
        timeout();
        strict();
    }

    private <T> Optional<T> parsed(String property, Function<String, T> parser, String what) {
        try {
            return Optional.ofNullable(values.get(property)).map(parser);
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new IllegalArgumentException(key(property) + ": \"" + values.get(property) + "\" is not " + what, e);
        }
    }

    private Optional<Boolean> strict() {
        return parsed("strict-json-schema", ModelEntry::flag, "true or false");
    }

    private static Boolean flag(String word) {
        if (!word.equals("true") && !word.equals("false")) {
            throw new IllegalArgumentException(word);
        }
        return Boolean.valueOf(word);
    }

    private Optional<Duration> timeout() {
        return parsed("timeout", Duration::parse, "a duration such as PT30S");
    }

    /** Makes a model. */
    Object make(ModelKind kind) {
        try {
            return switch (kind) {
                case CHAT -> {
                    ConnectorChatModel.Builder builder = ConnectorChatModel.builder()
                            .lookup(values.get("factory"))
                            .defaultRequestParameters(parameters())
                            .listeners(beans(ChatModelListener.class));
                    strict().ifPresent(builder::strictJsonSchema);
                    yield builder.build();
                }
                case STREAMING -> {
                    ConnectorStreamingChatModel.Builder builder = ConnectorStreamingChatModel.builder()
                            .lookup(values.get("factory"))
                            .defaultRequestParameters(parameters())
                            .listeners(beans(ChatModelListener.class));
                    strict().ifPresent(builder::strictJsonSchema);
                    set("executor", value -> builder.executor(Pool.find(value, Executor.class)));
                    yield builder.build();
                }
                case EMBEDDING ->
                    ConnectorEmbeddingModel.builder()
                            .lookup(values.get("factory"))
                            .modelName(values.get("model"))
                            .dimensions(parsed("dimensions", Integer::valueOf, "a whole number")
                                    .orElse(null))
                            .timeout(timeout().orElse(null))
                            .listeners(beans(EmbeddingModelListener.class))
                            .build();
                case TOKENS ->
                    ConnectorTokenCountEstimator.of(
                            Pool.find(values.get("factory"), LlmConnectionFactory.class), values.get("model"));
                case IMAGE -> image();
            };
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "The model " + name + " of " + key("factory") + " cannot be made: " + e.getMessage(), e);
        }
    }

    private ConnectorChatRequestParameters parameters() {
        return ConnectorChatRequestParameters.builder()
                .modelName(values.get("model"))
                .temperature(parsed("temperature", Double::valueOf, "a number").orElse(null))
                .maxOutputTokens(parsed("max-output-tokens", Integer::valueOf, "a whole number")
                        .orElse(null))
                .timeout(timeout().orElse(null))
                .caller(values.get("caller"))
                .build();
    }

    private Object image() {
        ComfyUiImageModel.Builder builder = ComfyUiImageModel.builder()
                .lookup(values.get("factory"))
                .templateLookup(values.get("template"))
                .imageParameter(values.get("image-parameter"))
                .maskParameter(values.get("mask-parameter"))
                .caller(values.get("caller"));
        set("prompt-parameter", builder::promptParameter);
        timeout().ifPresent(builder::timeout);
        return builder.build();
    }

    private void set(String property, Consumer<String> setter) {
        Optional.ofNullable(values.get(property)).ifPresent(setter);
    }

    /** Listeners that the application has as beans. */
    private static <T> List<T> beans(Class<T> type) {
        List<T> found = new ArrayList<>();
        Instance<T> all = CDI.current().select(type);
        all.forEach(found::add);
        return found;
    }
}
