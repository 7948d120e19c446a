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

    /** The rows have it now. */
    void saved(Backlog backlog);

    /**
     * The rows do not have it: it waits, or is counted here.
     *
     * @param perhaps whether they may have it nevertheless; then it may count twice, but never not at all
     */
    void notSaved(Backlog backlog, long now, boolean perhaps);

    /** Whether it gives something back. */
    default boolean isEnd() {
        return false;
    }

    /** A call that wants to be made. */
    final class Ask implements Pending {
        final CallKeys keys;
        final Amount estimate;
        private boolean abandoned;
        private Optional<Refusal> refusal = Optional.empty();
        private Held held;

        /** Written under the lock. */
        private volatile boolean answered;

        Ask(CallKeys keys, Amount estimate) {
            this.keys = keys;
            this.estimate = estimate;
        }

        /** Whether nothing more happens. Any thread. */
        boolean isAnswered() {
            return answered;
        }

        /** Nobody waits for the answer any more if there is none. */
        void abandon() {
            abandoned = !answered;
        }

        /** Empty if it was not refused. */
        Optional<Refusal> refusal() {
            return refusal;
        }

        /** Null if nothing was reserved. */
        Held held() {
            return abandoned ? null : held;
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

        @Override
        public void saved(Backlog backlog) {
            answered = true;
            if (abandoned && held != null) {
                backlog.add(new End(held, null));
            }
        }

        /** Answered by nothing, so that it is counted here. */
        @Override
        public void notSaved(Backlog backlog, long now, boolean perhaps) {
            if (held != null) {
                held.settle(now, null);
            }
            held = null;
            refusal = Optional.empty();
            answered = true;
        }
    }

    /**
     * A call that has ended.
     *
     * @param used null if it was not made
     * @param again whether the rows may have it already
     */
    record End(Held held, Amount used, boolean again) implements Pending {
        End(Held held, Amount used) {
            this(held, used, false);
        }

        @Override
        public boolean isEnd() {
            return true;
        }

        @Override
        public Collection<Tally> concerned(Book book, long now) {
            return held.tallies();
        }

        @Override
        public boolean apply(Book book, long now) {
            held.settle(now, used, again);
            return true;
        }

        @Override
        public void saved(Backlog backlog) {
            // nothing more to do
        }

        @Override
        public void notSaved(Backlog backlog, long now, boolean perhaps) {
            backlog.keep(new End(held, used, again || perhaps));
        }
    }

    /** A call that was let through without the rows, and is under way. */
    final class Late implements Pending {
        private final CallKeys keys;
        private final Amount estimate;
        private Held held;
        private boolean saved;
        private boolean ended;

        /** Null if it was not made. */
        private Amount used;

        /** @param held in the book alone */
        Late(CallKeys keys, Amount estimate, Held held) {
            this.keys = keys;
            this.estimate = estimate;
            this.held = held;
        }

        /**
         * The call has ended.
         *
         * @param amount null if it was not made
         */
        void end(Backlog backlog, long now, Amount amount) {
            ended = true;
            used = amount;
            if (saved) {
                backlog.add(new End(held, used));
            } else if (backlog.drop(this)) { // otherwise it is being saved
                spend(backlog, now);
            }
        }

        private void spend(Backlog backlog, long now) {
            held.settle(now, used);
            if (used != null) {
                backlog.spend(new Spent(keys, used));
            }
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

        @Override
        public void saved(Backlog backlog) {
            saved = true;
            if (ended) {
                backlog.add(new End(held, used));
            }
        }

        @Override
        public void notSaved(Backlog backlog, long now, boolean perhaps) {
            if (ended) {
                spend(backlog, now);
            } else {
                backlog.keep(this);
            }
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

        Spent(CallKeys keys, Amount used) {
            this.keys = keys;
            this.calls = 1;
            this.tokens = used.tokens();
            this.picos = used.picos();
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

        @Override
        public void saved(Backlog backlog) {
            // nothing more to do
        }

        @Override
        public void notSaved(Backlog backlog, long now, boolean perhaps) {
            backlog.spend(this);
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

        @Override
        public void saved(Backlog backlog) {
            // nothing more to do
        }

        @Override
        public void notSaved(Backlog backlog, long now, boolean perhaps) {
            // the next one comes soon
        }
    }
}
