package org.genaiconnector.ra.llm;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * Members that the adapter leaves out of requests: those that the administrator names, and, if the configuration drops
 * unsupported options, those that a model has refused. Reasoning models of OpenAI and Claude models after Opus 4.6 refuse
 * sampling options, and no API says so before the request. Thread-safe.
 */
final class OmittedFields {
    /**
     * The members that may be dropped, by their letters: options, never content. xAI names them in camel case in its refusals.
     */
    private static final Map<String, String> OPTIONS = Stream.of(
                    "temperature",
                    "top_p",
                    "top_k",
                    "seed",
                    "frequency_penalty",
                    "presence_penalty",
                    "reasoning_effort",
                    "thinking",
                    "stream_options")
            .collect(Collectors.toUnmodifiableMap(OmittedFields::letters, Function.identity()));

    /**
     * What OpenAI's responses say of models that do not think. The adapter itself asks for their encrypted thoughts, so it learns
     * this whatever the configuration says.
     */
    private static final String NO_ENCRYPTION = "Encrypted content is not supported with this model";

    private static final Pattern UNSUPPORTED = Pattern.compile(
            "unsupported|(not|n't) support|deprecated|un(known|recognized|expected)|extra (inputs|fields)"
                    + "|not (permitted|allowed|available)|removed");
    private static final Pattern WORD = Pattern.compile("\\w+");

    /** Bounds the memory for applications that invent model names. */
    private static final int MOST_MODELS = 200;

    private final Set<String> configured;
    private final boolean dropping;
    private final Map<String, Set<String>> refused = new ConcurrentHashMap<>();

    OmittedFields(Set<String> configured, UnsupportedFields unsupported) {
        this.configured = configured;
        this.dropping = unsupported == UnsupportedFields.DROP;
    }

    /** The members that no request has. */
    Set<String> configured() {
        return configured;
    }

    /** The members that requests to a model leave out. */
    Set<String> of(String model) {
        return refused.getOrDefault(model, configured);
    }

    /**
     * Remembers the options that a model refused, and leaves them out from now on. Another request may have learned the same
     * at the same time, so the result depends on what this request left out.
     *
     * @param sentWithout the result of {@link #of} when the request was sent
     * @return true if a repeated request would leave out more
     */
    boolean learn(String model, Set<String> sentWithout, GenAiException refusal) {
        if (refusal.category() != FailureCategory.INVALID_REQUEST || refusal.getMessage() == null) {
            return false;
        }
        String message = refusal.getMessage();
        if (message.contains(NO_ENCRYPTION)) {
            return left(model, sentWithout, new HashSet<>(Set.of("include")));
        }
        if (!dropping) {
            return false;
        }
        String words = message.substring(Math.max(0, message.indexOf(" with status "))) // after the backend's name
                .toLowerCase(Locale.ROOT);
        if (!UNSUPPORTED.matcher(words).find()) {
            return false;
        }
        Set<String> named = WORD.matcher(words)
                .results()
                .map(word -> OPTIONS.get(letters(word.group())))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
        return left(model, sentWithout, named);
    }

    private boolean left(String model, Set<String> sentWithout, Set<String> named) {
        if (sentWithout.containsAll(named) || refused.size() >= MOST_MODELS && !refused.containsKey(model)) {
            return false;
        }
        named.addAll(configured);
        refused.merge(model, Set.copyOf(named), OmittedFields::union);
        return true;
    }

    private static String letters(String word) {
        return word.replace("_", "");
    }

    private static Set<String> union(Set<String> known, Set<String> more) {
        Set<String> all = new HashSet<>(known);
        all.addAll(more);
        return Set.copyOf(all);
    }
}
