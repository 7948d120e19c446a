package org.genaiconnector.ra.inflow;

import jakarta.resource.spi.work.WorkException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.genaiconnector.ra.comfyui.durable.StoreSession;
import org.genaiconnector.ra.comfyui.durable.StoreWork;
import org.genaiconnector.ra.comfyui.store.Deliveries;
import org.genaiconnector.ra.comfyui.store.DeliveryRow;
import org.genaiconnector.ra.comfyui.store.SubmissionCodec;
import org.genaiconnector.ra.database.StoreException;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * Ends in a job store: the durable subscription of one activation. A work takes as many deliveries out of the store as the bean
 * can process now, so that other application servers get the others, and puts them into the outbox. What became of a delivery is
 * written at once by the worker that knows it or, if the store fails, by the work when it can. The work goes on after
 * {@link #stop} until all is written.
 */
final class Subscription extends StoreWork implements EndKeeper {
    private static final Logger LOG = System.getLogger(Subscription.class.getName());

    private final SubscriptionSettings settings;
    private final StoreSession session;
    private final String bean;
    private final DeliveryPolicy policy;
    private final Outbox outbox;
    private final Queue<Unwritten> unwritten = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean warned = new AtomicBoolean();

    /** Takes nothing unless this is started; then it refers to the application of the bean. */
    private volatile Predicate<Notice> receiver = notice -> false;

    private StoreSession.Listening listening;
    private volatile Held held = new Held("");
    private volatile boolean stopped;

    /** Touched by the work only. */
    private boolean registered;

    /**
     * Deliveries that this activation has taken, and of which is not written yet what became of them.
     *
     * @param instance that owns them; what an earlier one has owned does not count any more
     */
    private record Held(String instance, AtomicInteger count) {
        Held(String instance) {
            this(instance, new AtomicInteger());
        }
    }

    /** What became of a delivery. */
    @FunctionalInterface
    private interface Outcome {
        /** Does nothing if another instance owns the delivery. */
        void write(DeliveryRow row) throws StoreException;
    }

    private record Unwritten(DeliveryRow row, Outcome outcome) {
        void write() throws StoreException {
            outcome.write(row);
        }
    }

    /**
     * A subscription that takes nothing yet.
     *
     * @param session with the store
     * @param bean its name
     * @param outbox of the bean
     */
    Subscription(
            SubscriptionSettings settings, StoreSession session, String bean, DeliveryPolicy policy, Outbox outbox) {
        super(session);
        this.settings = settings;
        this.session = session;
        this.bean = bean;
        this.policy = policy;
        this.outbox = outbox;
    }

    /**
     * Begins to take deliveries.
     *
     * @param bean puts a notice into the outbox; false if that is closed
     */
    void start(Predicate<Notice> bean) throws WorkException {
        receiver = bean;
        listening = session.listen(update -> {
            if (update.isEnd()) {
                wake();
            }
        });
        start();
    }

    /** Takes no more deliveries. A second call does nothing. */
    void stop() {
        stopped = true;
        receiver = notice -> false;
        if (listening != null) {
            listening.close();
        }
        wake();
    }

    private Deliveries deliveries() {
        return session.store().deliveries();
    }

    @Override
    protected Duration step() throws StoreException {
        for (Unwritten next = unwritten.peek(); next != null; next = unwritten.peek()) {
            next.write();
            unwritten.remove();
            written(next.row());
        }
        if (stopped) {
            return held.count().get() == 0 ? ENDED : poll();
        }
        if (!registered) {
            deliveries().subscribe(settings.name(), settings.backend(), settings.tag());
        }
        registered = false; // unless this step succeeds: the tables may be others when the store is back
        take();
        registered = true;
        Duration pause = outbox.pauseLeft();
        return pause.compareTo(poll()) > 0 ? pause : poll();
    }

    private void take() throws StoreException {
        Optional<String> instance = session.instance();
        if (instance.isEmpty() || !outbox.pauseLeft().isZero()) {
            return;
        }
        if (!held.instance().equals(instance.get())) {
            held = new Held(instance.get());
        }
        int free = policy.concurrency() - held.count().get();
        if (free > 0) {
            List<DeliveryRow> rows = deliveries().claim(instance.get(), settings.name(), free);
            held.count().addAndGet(rows.size());
            rows.forEach(this::offer);
        }
    }

    private void offer(DeliveryRow row) {
        Notice.End end = new Notice.End(row);
        if (!policy.permitsAnother(row.attempts() - 1)) {
            gaveUp(
                    end,
                    new UndeliveredException(
                            "each time the application server ended, or lost its lease, before the outcome was written"));
        } else if (!receiver.test(end)) {
            returned(end);
        }
    }

    /** Without an effect on the others that use the store. */
    @Override
    public void release() {
        stop();
    }

    /** It is in the submission, which deliveries are read without. */
    @Override
    public Optional<String> trace(Notice.End end) {
        try {
            return session.store().dispatch().submission(end.jobId()).flatMap(SubmissionCodec::trace);
        } catch (StoreException | IllegalArgumentException e) {
            LOG.log(Level.DEBUG, () -> "The delivery of " + end.describe() + " begins a trace of its own", e);
            return Optional.empty();
        }
    }

    @Override
    public boolean holds(Notice.End end) {
        return session.instance().equals(end.stored().map(DeliveryRow::owner));
    }

    @Override
    public boolean acknowledge(Notice.End end) throws UndeliveredException {
        try {
            if (deliveries().acknowledge(row(end))) {
                return true;
            }
            throw new UndeliveredException(
                    "another instance has taken it over meanwhile, because this one has lost its lease");
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.NOT_ENLISTED) {
                throw new UndeliveredException("it could not be acknowledged: " + e.getMessage(), e);
            }
            if (warned.compareAndSet(false, true)) {
                OperatorMessage.SUBSCRIPTION_NOT_IN_TRANSACTION.log(LOG, bean, settings.name(), e.getMessage());
            }
            return false;
        }
    }

    @Override
    public void taken(Notice.End end, boolean acknowledged) {
        settle(
                end,
                acknowledged
                        ? row -> {}
                        : row -> {
                            if (!deliveries().acknowledge(row)) {
                                LOG.log(
                                        Level.DEBUG,
                                        "{0} has taken {1}, which was taken over meanwhile",
                                        bean,
                                        end.describe());
                            }
                        });
    }

    @Override
    public void failed(Notice.End end, Duration delay, UndeliveredException why) {
        String reason = why.getMessage(); // since the exception may refer to the application
        settle(end, row -> deliveries().redeliver(row, delay, reason));
    }

    @Override
    public void gaveUp(Notice.End end, UndeliveredException why) {
        settle(end, row -> {
            if (deliveries().dead(row, why.getMessage())) {
                OperatorMessage.DELIVERY_DEAD.logFailure(
                        LOG,
                        why,
                        bean,
                        end.describe(),
                        why.getMessage(),
                        end.delivery(),
                        settings.name(),
                        session.store().name());
            }
        });
    }

    @Override
    public void unavailable(Notice.End end, Duration pause) {
        outbox.pause(pause);
        settle(end, row -> deliveries().release(row));
    }

    /** Only leaves it to the work, because the calling thread is one that stops applications. */
    @Override
    public void returned(Notice.End end) {
        outbox.done(end);
        unwritten.add(new Unwritten(row(end), row -> deliveries().release(row)));
        wake();
    }

    private static DeliveryRow row(Notice.End end) {
        return end.stored().orElseThrow();
    }

    private void settle(Notice.End end, Outcome outcome) {
        outbox.done(end);
        Unwritten now = new Unwritten(row(end), outcome);
        try {
            now.write();
            written(now.row());
        } catch (StoreException | RuntimeException e) {
            LOG.log(Level.DEBUG, () -> "It cannot be written now what became of " + end.describe(), e);
            unwritten.add(now);
        }
        wake();
    }

    private void written(DeliveryRow row) {
        Held now = held;
        if (now.instance().equals(row.owner())) {
            now.count().decrementAndGet();
        }
    }
}
