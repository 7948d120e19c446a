package org.genaiconnector.ra.llm;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;

/**
 * Members that requests are sent without: those that the administrator names, and, if unsupported options are to be dropped,
 * those that a model has refused. Reasoning models of OpenAI and Claude models after Opus 4.6 do not know the options of
 * sampling, which nothing tells beforehand. For all threads.
 */
final class OmittedFields {
    /** Options only: what a request says is never dropped. */
    private static final Set<String> OPTIONS = Set.of(
            "temperature",
            "top_p",
            "top_k",
            "seed",
            "frequency_penalty",
            "presence_penalty",
            "reasoning_effort",
            "thinking",
            "stream_options");

    private static final Pattern UNSUPPORTED = Pattern.compile(
            "unsupported|(not|n't) support|deprecated|un(known|recognized|expected)|extra (inputs|fields)"
                    + "|not (permitted|allowed|available)|removed");
    private static final Pattern WORD = Pattern.compile("\\w+");

    /** Names of models are few, unless somebody makes them up. */
    private static final int MOST_MODELS = 200;

    private final Set<String> configured;
    private final boolean dropping;
    private final Map<String, Set<String>> refused = new ConcurrentHashMap<>();

    OmittedFields(Set<String> configured, UnsupportedFields unsupported) {
        this.configured = configured;
        this.dropping = unsupported == UnsupportedFields.DROP;
    }

    /** What requests to a model do not have. */
    Set<String> of(String model) {
        return refused.getOrDefault(model, configured);
    }

    /**
     * Looks whether a model refused options, and leaves them out from now on. Another request may have learned the same
     * while this one was under way, so what counts is what this one was sent without.
     *
     * @param sentWithout as {@link #of} gave it before the request was sent
     * @return whether the same request would be another one now
     */
    boolean learn(String model, Set<String> sentWithout, GenAiException refusal) {
        if (!dropping || refusal.category() != FailureCategory.INVALID_REQUEST || refusal.getMessage() == null) {
            return false;
        }
        String message = refusal.getMessage();
        String words = message.substring(Math.max(0, message.indexOf(" with status "))) // behind names of servers
                .toLowerCase(Locale.ROOT);
        if (!UNSUPPORTED.matcher(words).find() || refused.size() >= MOST_MODELS && !refused.containsKey(model)) {
            return false;
        }
        Set<String> named = WORD.matcher(words)
                .results()
                .map(word -> word.group())
                .filter(OPTIONS::contains)
                .collect(Collectors.toSet());
        if (sentWithout.containsAll(named)) {
            return false;
        }
        named.addAll(configured);
        refused.merge(model, Set.copyOf(named), OmittedFields::union);
        return true;
    }

    private static Set<String> union(Set<String> known, Set<String> more) {
        Set<String> all = new HashSet<>(known);
        all.addAll(more);
        return Set.copyOf(all);
    }
}
