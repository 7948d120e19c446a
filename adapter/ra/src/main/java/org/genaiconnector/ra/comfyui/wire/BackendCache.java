package org.genaiconnector.ra.comfyui.wire;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.genaiconnector.comfyui.NodeClass;
import org.genaiconnector.comfyui.ServerFeatures;

/**
 * Caches answers of a backend about itself that seldom change, for a limited time; shared by all connections of a
 * factory. It caches only things that a backend has, so questions of clients cannot fill it.
 */
final class BackendCache {
    static final Duration SPAN = Duration.ofMinutes(5);

    private final LongSupplier nanoClock;
    private final Map<String, Remembered<NodeClass>> classes = new ConcurrentHashMap<>();
    private volatile Remembered<Map<String, NodeClass>> allClasses;
    private volatile Remembered<ServerFeatures> features;
    private volatile boolean historyHasPages;

    private record Remembered<T>(T value, long at) {}

    BackendCache() {
        this(System::nanoTime);
    }

    BackendCache(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    private <T> Remembered<T> now(T value) {
        return new Remembered<>(value, nanoClock.getAsLong());
    }

    private <T> Optional<T> recall(Remembered<T> remembered) {
        return remembered != null && nanoClock.getAsLong() - remembered.at < SPAN.toNanos()
                ? Optional.of(remembered.value)
                : Optional.empty();
    }

    Optional<Map<String, NodeClass>> nodeClasses() {
        return recall(allClasses);
    }

    void learn(Map<String, NodeClass> all) {
        allClasses = now(all);
        classes.clear(); // which is older
    }

    Optional<NodeClass> nodeClass(String name) {
        return recall(classes.get(name)).or(() -> nodeClasses().flatMap(all -> Optional.ofNullable(all.get(name))));
    }

    void learn(NodeClass one) {
        classes.put(one.name(), now(one));
    }

    void forgetNodeClasses() {
        allClasses = null;
        classes.clear();
    }

    Optional<ServerFeatures> features() {
        return recall(features);
    }

    void learn(ServerFeatures present) {
        features = now(present);
    }

    /** Whether the backend is known to support the parameter {@code offset}. */
    boolean historyHasPages() {
        return historyHasPages;
    }

    void learnHistoryHasPages() {
        historyHasPages = true;
    }
}
