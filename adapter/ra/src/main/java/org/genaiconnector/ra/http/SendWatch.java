package org.genaiconnector.ra.http;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Ends writes to sockets that wait too long, by closing the socket, which only another thread can do. There is one
 * thread for all sockets, and only while large bodies are being sent and some seconds after that. A write may last
 * {@value #PERIOD_MILLIS} ms longer than allowed.
 */
public final class SendWatch implements Runnable, AutoCloseable {
    private static final long PERIOD_MILLIS = 25;

    /** Uploads often come in series. */
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Consumer<SendWatch> starter;
    private final Map<DeadlineSocket, Long> ends = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean running;

    /**
     * Starts no thread yet.
     *
     * @param starter runs the watch on a thread of its own; throws {@link RejectedExecutionException} if there is none
     */
    public SendWatch(Consumer<SendWatch> starter) {
        this.starter = starter;
    }

    /**
     * A watch outside an application server.
     *
     * @return runs on a daemon thread when it is needed
     */
    public static SendWatch unmanaged() {
        return new SendWatch(watch -> {
            Thread thread = new Thread(watch, "GenAI connector, sending");
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** A write begins that may wait for so many milliseconds. */
    void begin(DeadlineSocket socket, int patience) throws IOException {
        ends.put(socket, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patience));
        if (!running) { // looked at after the put: see mayEnd
            start(socket);
        }
    }

    private synchronized void start(DeadlineSocket socket) throws IOException {
        if (running) {
            return; // meanwhile
        }
        boolean started = false;
        running = true;
        try {
            starter.accept(this);
            started = true;
        } catch (RejectedExecutionException e) {
            throw new IOException(
                    "The application server gives no thread to watch over the sending of a large body", e);
        } finally {
            if (!started) {
                running = false;
                ends.remove(socket);
            }
        }
    }

    /** The write has ended. */
    void end(DeadlineSocket socket) {
        ends.remove(socket);
    }

    /** Watches until there has been nothing to watch for some seconds. */
    @Override
    public void run() {
        boolean retired = false;
        try {
            long needed = System.nanoTime();
            while (!retired && !closed.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS)) {
                long now = System.nanoTime();
                if (!ends.isEmpty()) {
                    needed = now;
                    closeLate(now);
                }
                retired = now - needed > KEPT_NANOS && mayEnd();
            }
        } catch (InterruptedException e) { // the application server takes its thread back
            Thread.currentThread().interrupt();
        } finally {
            if (!retired) {
                running = false;
            }
        }
    }

    /** A write that begins now starts another watch, unless it is seen here. */
    private synchronized boolean mayEnd() {
        running = false;
        running = !ends.isEmpty();
        return !running;
    }

    private void closeLate(long now) {
        ends.forEach((socket, end) -> {
            if (end - now <= 0) {
                ends.remove(socket);
                socket.closeLate();
            }
        });
    }

    /** Ends the thread. */
    @Override
    public void close() {
        closed.countDown();
    }
}
