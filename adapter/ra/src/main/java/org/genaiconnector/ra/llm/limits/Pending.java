package org.genaiconnector.ra.llm.limits;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Something that is to be done in the counts which several application servers share. Guarded as they are. */
interface Pending {
    /** The counts that it concerns. */
    Collection<Tally> concerned(Book book, long now);

    /** Does it; again if the rows have changed meanwhile. Tells whether it has changed a count. */
    boolean apply(Book book, long now);

    /** A call that wants to be made. */
    final class Ask implements Pending {
        final CallKeys keys;
        final Amount estimate;
        boolean answered;
        boolean abandoned;
        Optional<Refusal> refusal = Optional.empty();
        Held held;

        Ask(CallKeys keys, Amount estimate) {
            this.keys = keys;
            this.estimate = estimate;
        }

        @Override
        public Collection<Tally> concerned(Book book, long now) {
            return book.concerned(keys, now);
        }

        @Override
        public boolean apply(Book book, long now) {
            List<Tally> concerned = book.concerned(keys, now);
            refusal = abandoned ? Optional.empty() : Book.refusal(concerned, now, estimate);
            held = abandoned || refusal.isPresent() ? null : new Held(concerned, now, estimate);
            return held != null;
        }
    }

    /**
     * A call that has ended.
     *
     * @param used null if it was not made
     */
    record End(Held held, Amount used) implements Pending {
        @Override
        public Collection<Tally> concerned(Book book, long now) {
            return held.tallies();
        }

        @Override
        public boolean apply(Book book, long now) {
            held.settle(now, used);
            return true;
        }
    }

    /** A call that was let through without the rows, and is under way. */
    final class Late implements Pending {
        final CallKeys keys;
        private final Amount estimate;
        Held held;
        boolean saved;
        boolean ended;

        /** Null if it was not made. */
        Amount used;

        /** @param held in the book alone */
        Late(CallKeys keys, Amount estimate, Held held) {
            this.keys = keys;
            this.estimate = estimate;
            this.held = held;
        }

        @Override
        public Collection<Tally> concerned(Book book, long now) {
            return book.concerned(keys, now);
        }

        @Override
        public boolean apply(Book book, long now) {
            held = new Held(book.concerned(keys, now), now, estimate);
            return true;
        }
    }

    /** What calls have used of which the rows know nothing. */
    final class Spent implements Pending {
        final CallKeys keys;
        private long calls;
        private long tokens;
        private long picos;

        Spent(CallKeys keys) {
            this.keys = keys;
        }

        void add(Amount used) {
            calls++;
            tokens += used.tokens();
            picos += used.picos();
        }

        void add(Spent more) {
            calls += more.calls;
            tokens += more.tokens;
            picos += more.picos;
        }

        @Override
        public Collection<Tally> concerned(Book book, long now) {
            return book.concerned(keys, now);
        }

        @Override
        public boolean apply(Book book, long now) {
            concerned(book, now).forEach(tally -> tally.add(now, calls, new Amount(tokens, picos)));
            return true;
        }
    }

    /** The lease of what calls under way hold begins anew. */
    record Renewal() implements Pending {
        @Override
        public Collection<Tally> concerned(Book book, long now) {
            return book.all().stream().filter(Tally::isHeld).toList();
        }

        @Override
        public boolean apply(Book book, long now) {
            return true;
        }
    }
}
