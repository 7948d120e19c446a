package org.genaiconnector.ra.llm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What calls have used, by application, caller, model and target. All threads may use it. */
final class UsageLedger {
    /** Callers may invent names; what is beyond counts together. */
    private static final int MOST = 1_000;

    /** Whose use it is. */
    record Key(String application, String caller, String model, String target) {
        private Key others() {
            return new Key("(others)", "(others)", "(others)", target);
        }
    }

    /** What was used under a key. */
    static final class Entry {
        private final LongAdder calls = new LongAdder();
        private final LongAdder failures = new LongAdder();
        private final LongAdder inputTokens = new LongAdder();
        private final LongAdder outputTokens = new LongAdder();
        private final LongAdder picos = new LongAdder();

        void used(long in, long out, long cost) {
            calls.increment();
            inputTokens.add(in);
            outputTokens.add(out);
            picos.add(cost);
        }

        void failed() {
            failures.increment();
        }
    }

    /** Figures of a key. */
    record Figures(Key key, long calls, long failures, long inputTokens, long outputTokens, long picos) {}

    private final Map<Key, Entry> entries = new ConcurrentHashMap<>();

    Entry entry(Key key) {
        Entry known = entries.get(key);
        if (known != null) {
            return known;
        }
        Key counted = entries.size() < MOST ? key : key.others();
        return entries.computeIfAbsent(counted, any -> new Entry());
    }

    List<Figures> figures() {
        List<Figures> figures = new ArrayList<>();
        entries.forEach((key, entry) -> figures.add(new Figures(
                key,
                entry.calls.sum(),
                entry.failures.sum(),
                entry.inputTokens.sum(),
                entry.outputTokens.sum(),
                entry.picos.sum())));
        return figures;
    }

    void reset() {
        entries.clear();
    }
}
