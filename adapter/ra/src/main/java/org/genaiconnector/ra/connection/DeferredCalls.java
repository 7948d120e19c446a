package org.genaiconnector.ra.connection;

import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.LocalTransactionException;
import java.lang.System.Logger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.messages.OperatorMessage;

/**
 * The local transaction of a managed connection. It keeps calls until the commit and then makes them in their order. If one of
 * them fails, it undoes those before it, does not make those after it, and fails the commit.
 *
 * @param <O> the backend's operations
 */
final class DeferredCalls<O> implements LocalTransaction {
    private static final Logger LOG = System.getLogger(DeferredCalls.class.getName());

    private final PhysicalConnection<O> connection;
    private final BooleanSupplier voteByError;
    private List<DeferredCall<O>> calls = new ArrayList<>();
    private boolean active;
    private GenAiException abandoned;

    /**
     * A transaction that has not begun.
     *
     * @param connection makes the calls
     * @param voteByError whether a commit has to fail with a {@link RollbackVote}
     */
    DeferredCalls(PhysicalConnection<O> connection, BooleanSupplier voteByError) {
        this.connection = connection;
        this.voteByError = voteByError;
    }

    /**
     * Keeps a call until the commit.
     *
     * @return false, and the call is not kept, if no transaction is active
     */
    synchronized boolean add(DeferredCall<O> call) {
        if (active) {
            calls.add(call);
        }
        return active;
    }

    synchronized boolean isActive() {
        return active;
    }

    @Override
    public synchronized void begin() throws LocalTransactionException {
        if (active) {
            throw new LocalTransactionException("A transaction is active on this connection already");
        }
        active = true;
        abandoned = null;
    }

    @Override
    public void commit() throws LocalTransactionException {
        try {
            performAll();
        } catch (LocalTransactionException e) {
            if (voteByError.getAsBoolean()) {
                throw new RollbackVote(e);
            }
            throw e;
        }
    }

    private void performAll() throws LocalTransactionException {
        Deque<DeferredCall<O>> done = new ArrayDeque<>();
        List<DeferredCall<O>> all = endForCommit();
        for (DeferredCall<O> call : all) {
            try {
                perform(call);
                done.push(call);
            } catch (GenAiException | RuntimeException | Error e) { // all or none, also if an Error is thrown
                GenAiException cause = known(e);
                notify(call, target -> target.failed(cause));
                throw failure(call, cause, done, all.subList(done.size() + 1, all.size()));
            }
        }
        all.forEach(call -> notify(call, DeferredCall::confirmed));
    }

    private void perform(DeferredCall<O> call) throws GenAiException {
        boolean done = false;
        while (!done) {
            try {
                connection.callInCommit(call.server().orElse(null), operations -> {
                    call.perform(operations);
                    return null;
                });
                done = true;
            } catch (GenAiException e) {
                if (!call.goesElsewhere(e)) {
                    throw e;
                }
            }
        }
    }

    private static GenAiException known(Throwable thrown) {
        return thrown instanceof GenAiException known
                ? known
                : new GenAiException(FailureCategory.PROTOCOL, "An error within the adapter: " + thrown, thrown);
    }

    /** Notifies a call of its outcome; if it throws, the others are notified all the same. */
    private void notify(DeferredCall<O> call, Consumer<DeferredCall<O>> outcome) {
        try {
            outcome.accept(call);
        } catch (RuntimeException | Error e) {
            OperatorMessage.OUTCOME_NOT_DELIVERED.logFailure(LOG, e, call);
        }
    }

    private synchronized List<DeferredCall<O>> endForCommit() throws LocalTransactionException {
        List<DeferredCall<O>> all = end();
        if (abandoned != null) {
            throw new LocalTransactionException(abandoned.getMessage(), abandoned);
        }
        return all;
    }

    private synchronized List<DeferredCall<O>> end() {
        List<DeferredCall<O>> all = calls;
        calls = new ArrayList<>();
        active = false;
        return all;
    }

    private LocalTransactionException failure(
            DeferredCall<O> failed, GenAiException cause, Deque<DeferredCall<O>> done, List<DeferredCall<O>> left) {
        String reason = failed + " of the same transaction failed: " + cause.getMessage();
        GenAiException because = new GenAiException(FailureCategory.CANCELLED, "Taken back, because " + reason, cause);
        List<DeferredCall<O>> remaining = new ArrayList<>();
        done.forEach(call -> {
            Optional<GenAiException> obstacle = undo(call);
            obstacle.ifPresent(cause::addSuppressed);
            obstacle.ifPresent(any -> remaining.add(call));
            GenAiException outcome = obstacle.map(why -> new GenAiException(
                            FailureCategory.CONFLICT,
                            "Could not be taken back (" + why.getMessage() + ") when " + reason,
                            why))
                    .orElse(because);
            notify(call, target -> target.failed(outcome));
        });
        left.forEach(call -> notify(call, target -> target.failed(because)));
        return new LocalTransactionException(
                "The commit failed at " + failed + ": " + cause.getMessage()
                        + (remaining.isEmpty()
                                ? "; nothing else of the transaction has been done"
                                : "; could not be taken back: " + remaining),
                cause);
    }

    /** Why the call could not be undone; empty if it was. */
    private Optional<GenAiException> undo(DeferredCall<O> call) {
        try {
            connection.callInCommit(call.server().orElse(null), operations -> {
                call.undo(operations);
                return null;
            });
            return Optional.empty();
        } catch (GenAiException | RuntimeException | Error e) {
            return Optional.of(known(e));
        }
    }

    @Override
    public void rollback() {
        end().forEach(call -> notify(call, DeferredCall::dropped));
    }

    /**
     * The connection is cleaned up or destroyed before its transaction has ended: no call is made, and a later commit fails.
     * Runs with every return of a connection to its pool, so it must cost nothing if there is nothing to abandon.
     */
    void abandon() {
        List<DeferredCall<O>> all;
        GenAiException why;
        synchronized (this) {
            if (calls.isEmpty()) {
                active = false; // an earlier abandonment stays noted until the next begin
                return;
            }
            all = end();
            why = new GenAiException(
                    FailureCategory.CLOSED,
                    "The connection was destroyed before its transaction was committed: nothing was sent");
            abandoned = why;
        }
        all.forEach(call -> notify(call, target -> target.failed(why)));
    }
}
