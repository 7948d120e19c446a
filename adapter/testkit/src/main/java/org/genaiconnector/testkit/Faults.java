package org.genaiconnector.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Handler;

/**
 * The switches that make a simulator misbehave: which request meets which {@link Fault}, and whether the simulator can be
 * reached at all. Thread-safe; a change takes effect with the next request.
 *
 * <p>A fault that {@code next} adds applies to one matching request, in the order of the calls. If none applies, the latest
 * matching {@code always} does.
 *
 * <pre>{@code
 * simulator.faults().next(Fault.resetBeforeResponse())
 *                   .next(3, Fault.status(429).header("Retry-After", "2"))
 *                   .always(Match.path("/v1/embeddings"), Fault.silence());
 * }</pre>
 */
public final class Faults {
    /** Name of a request attribute: a handler that sets it makes the server close the connection after the answer. */
    public static final String CLOSE_AFTER_ANSWER = "org.genaiconnector.testkit.closeAfterAnswer";

    private final Deque<Rule> next = new ArrayDeque<>();
    private final Deque<Rule> always = new ArrayDeque<>();
    private final Waits waits = new Waits();
    private final Traffic traffic = new Traffic(this::connectionsOpen);
    private volatile Listener listener;
    private volatile Duration keepAlive;
    private volatile boolean nobodyConnects;

    private record Rule(Match match, Fault fault) {}

    /**
     * Puts the fault layer in front of a server's handler, before the server starts. A server that starts again may be
     * wrapped again; faults and records stay.
     */
    public Handler wrap(Handler handler) {
        return new FaultHandler(this, waits, handler);
    }

    /** The requests and connections so far. */
    public Traffic traffic() {
        return traffic;
    }

    /** The next request meets this fault. */
    public Faults next(Fault fault) {
        return next(1, Match.any(), fault);
    }

    /** Each of the next requests, as many as given, meets this fault. */
    public Faults next(int requests, Fault fault) {
        return next(requests, Match.any(), fault);
    }

    /** The next matching request meets this fault. */
    public Faults next(Match match, Fault fault) {
        return next(1, match, fault);
    }

    /** Each of the next matching requests, as many as given, meets this fault. */
    public Faults next(int requests, Match match, Fault fault) {
        synchronized (next) {
            for (int i = 0; i < requests; i++) {
                next.add(new Rule(match, fault));
            }
        }
        return this;
    }

    /** Every request meets this fault until {@link #clear()}. */
    public Faults always(Fault fault) {
        return always(Match.any(), fault);
    }

    /** Every matching request meets this fault until {@link #clear()}. */
    public Faults always(Match match, Fault fault) {
        synchronized (next) {
            always.addFirst(new Rule(match, fault));
        }
        return this;
    }

    /** Removes all faults, releases requests that a fault holds, and listens again if it had stopped. */
    public Faults clear() {
        synchronized (next) {
            next.clear();
            always.clear();
        }
        release();
        return listener == null ? this : listen(); // this may be called before the server starts
    }

    /** Ends all delays and silences now: delayed answers go out, silent connections close, endless streams break. */
    public Faults release() {
        waits.release();
        return this;
    }

    /** How many faults that {@code next} added have not met a request yet. */
    public int pending() {
        synchronized (next) {
            return next.size();
        }
    }

    /** Refuses new connections; open ones stay open. */
    public Faults stopListening() {
        listener().close();
        return this;
    }

    /**
     * Accepts connections again, on the same port.
     *
     * @throws UncheckedIOException if another process has taken the port
     */
    public Faults listen() {
        nobodyConnects = false;
        try {
            listener().open();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen again on the port: " + e.getMessage(), e);
        }
        return this;
    }

    /**
     * Resets every open connection at once, also in the middle of an answer. If the simulator does not listen, connections that
     * it has accepted but not opened yet are reset, too.
     */
    public Faults killConnections() {
        nobodyConnects = !listener().isOpen();
        listener().connector().getConnectedEndPoints().forEach(FaultyEndPoint::reset);
        return this;
    }

    /** Closes connections that are opened from now on when they have been idle this long between requests. */
    public Faults keepAlive(Duration idle) {
        keepAlive = idle;
        return this;
    }

    Fault take(RecordedRequest request) {
        synchronized (next) {
            for (Iterator<Rule> rules = next.iterator(); rules.hasNext(); ) {
                Rule rule = rules.next();
                if (rule.match.test(request)) {
                    rules.remove();
                    return rule.fault;
                }
            }
            for (Rule rule : always) {
                if (rule.match.test(request)) {
                    return rule.fault;
                }
            }
            return Fault.none();
        }
    }

    FaultyEndPoint opened(EndPoint socket) {
        return new FaultyEndPoint(socket, traffic.connectionOpened(), keepAlive);
    }

    void attach(AbstractConnector connector) {
        FaultyHttp.install(connector, this);
        connector.addBean(new Connection.Listener() {
            @Override
            public void onOpened(Connection connection) {
                if (nobodyConnects) {
                    FaultyEndPoint.reset(connection.getEndPoint());
                }
            }
        });
        listener = new Listener(connector);
    }

    void detach() {
        waits.release();
        listener().close();
    }

    private int connectionsOpen() {
        return listener().connector().getConnectedEndPoints().size();
    }

    private Listener listener() {
        Listener current = listener;
        if (current == null) {
            throw new IllegalStateException("the server has not been started");
        }
        return current;
    }
}
