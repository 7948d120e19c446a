package org.genaiconnector.ra.llm.limits;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What is still to be done in the rows. All but {@link #add} is guarded as the book is. */
final class Backlog {
    private static final int MOST_AT_ONCE = 200;

    private final SharedBook book;
    private final Queue<Pending> fresh = new ConcurrentLinkedQueue<>();

    /** What is done in the book already, in its order. */
    private final Set<Pending> kept = new LinkedHashSet<>();

    /** What calls have used that were counted here only. */
    private final Map<CallKeys, Pending.Spent> spent = new HashMap<>();

    Backlog(SharedBook book) {
        this.book = book;
    }

    /** Any thread. */
    void add(Pending one) {
        fresh.add(one);
    }

    /** What the rows do not have yet, although the book has it. */
    void keep(Pending one) {
        kept.add(one);
    }

    /** Tells false if it was not kept. */
    boolean drop(Pending one) {
        return kept.remove(one);
    }

    void spend(Pending.Spent more) {
        spent.computeIfAbsent(more.keys, Pending.Spent::new).add(more);
    }

    boolean isEmpty() {
        return fresh.isEmpty() && kept.isEmpty() && spent.isEmpty();
    }

    /** Takes what is to be done next. From then on the book has the ends of calls among it. */
    List<Pending> take() {
        List<Pending> batch = new ArrayList<>();
        move(kept.iterator(), batch);
        move(spent.values().iterator(), batch);
        while (batch.size() < MOST_AT_ONCE && !fresh.isEmpty()) {
            batch.add(takeFresh());
        }
        return batch;
    }

    /** Takes all that was added. From then on the book has the ends of calls among it. */
    List<Pending> takeAllFresh() {
        List<Pending> all = new ArrayList<>();
        while (!fresh.isEmpty()) {
            all.add(takeFresh());
        }
        return all;
    }

    private Pending takeFresh() {
        Pending one = fresh.remove();
        if (one.isEnd()) {
            book.apply(one);
        }
        return one;
    }

    private static void move(Iterator<? extends Pending> from, List<Pending> to) {
        while (to.size() < MOST_AT_ONCE && from.hasNext()) {
            to.add(from.next());
            from.remove();
        }
    }
}
