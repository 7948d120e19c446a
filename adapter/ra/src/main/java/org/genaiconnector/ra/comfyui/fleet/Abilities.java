package org.genaiconnector.ra.comfyui.fleet;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.NodeClass;
import org.genaiconnector.comfyui.NodeInput;
import org.genaiconnector.ra.comfyui.wire.Catalogue;
import org.genaiconnector.ra.util.BoundedMap;

/** What backends were found to lack of what jobs need, for a limited time. Any thread. */
public final class Abilities {
    private static final Duration SPAN = Duration.ofMinutes(5);
    private static final int MOST = 1_000;

    private final LongSupplier clock;
    private final Map<Question, Answer> known = BoundedMap.inOrderOfUse(MOST);

    private record Question(URI server, Set<String> classes, Set<JobNeeds.ModelUse> models) {}

    private record Answer(List<String> lacks, long at) {}

    public Abilities() {
        this(System::nanoTime);
    }

    Abilities(LongSupplier clock) {
        this.clock = clock;
    }

    private static Question question(URI server, JobNeeds needs) {
        return new Question(server, needs.classes(), needs.models());
    }

    /** What a backend lacks, in words; empty if it was not asked in the last five minutes. */
    public synchronized Optional<List<String>> lacks(URI server, JobNeeds needs) {
        return Optional.ofNullable(known.get(question(server, needs)))
                .filter(answer -> clock.getAsLong() - answer.at() < SPAN.toNanos())
                .map(Answer::lacks);
    }

    /** A backend was asked. */
    public synchronized void learn(URI server, JobNeeds needs, List<String> lacks) {
        known.put(question(server, needs), new Answer(lacks, clock.getAsLong()));
    }

    /** What was asked for such a job counts no more: models come and go. */
    public synchronized void forget(Collection<URI> servers, JobNeeds needs) {
        servers.forEach(server -> known.remove(question(server, needs)));
    }

    /**
     * Asks a backend what it lacks.
     *
     * @param catalogue of the backend
     * @return in words; empty if it has all, as far as it tells
     */
    public static List<String> ask(Catalogue catalogue, JobNeeds needs) throws GenAiException {
        Map<String, NodeClass> classes = catalogue.nodeClasses(needs.classes());
        Set<String> missing = new TreeSet<>(needs.classes());
        missing.removeAll(classes.keySet());
        if (!missing.isEmpty()) {
            missing.removeAll(catalogue.replacedClasses());
        }
        List<String> lacks = new ArrayList<>();
        missing.forEach(name -> lacks.add("node class " + name));
        for (JobNeeds.ModelUse use : needs.models()) {
            Optional.ofNullable(classes.get(use.nodeClass()))
                    .flatMap(known -> known.input(use.input()))
                    .filter(input -> isClosed(input) && !input.choices().contains(use.file()))
                    .ifPresent(input -> lacks.add("model file " + use.file()));
        }
        return lacks;
    }

    /** Whether only its choices are valid, and all of them are known. */
    private static boolean isClosed(NodeInput input) {
        return input.type().equals(NodeInput.CHOICE) && !input.remote() && !input.upload();
    }
}
