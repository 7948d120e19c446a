package org.genaiconnector.langchain4j;

import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.image.ImageModel;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The kinds of models that an entry of the configuration can offer. */
enum ModelKind {
    CHAT("chat", ChatModel.class),
    STREAMING("streaming", StreamingChatModel.class),
    EMBEDDING("embedding", EmbeddingModel.class),
    TOKENS("tokens", TokenCountEstimator.class),
    IMAGE("image", ImageModel.class);

    private final String word;
    private final Class<?> type;

    ModelKind(String word, Class<?> type) {
        this.word = word;
        this.type = type;
    }

    /** What applications inject. */
    Class<?> type() {
        return type;
    }

    /** The kind of a word of the configuration. */
    static ModelKind of(String word, String key) {
        return Arrays.stream(values())
                .filter(kind -> kind.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(key + ": there are no models of the kind " + word
                        + ", only "
                        + Arrays.stream(values()).map(kind -> kind.word).collect(Collectors.joining(", "))));
    }
}
