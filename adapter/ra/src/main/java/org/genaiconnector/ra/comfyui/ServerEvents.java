package org.genaiconnector.ra.comfyui;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.genaiconnector.comfyui.JobProgress;

/**
 * What a server's WebSocket has told lately of the jobs of this adapter: hints, never the truth. The socket loses events,
 * and tells of an end before the server's history knows it.
 */
final class ServerEvents {
    /** More jobs than a server queues in practice; the eldest are forgotten, which costs them only their progress. */
    private static final int MAX_JOBS = 1_000;

    private record Hint(Optional<JobProgress> progress, boolean ended) {
        static final Hint NONE = new Hint(Optional.empty(), false);
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition jobEnded = lock.newCondition();
    private final Map<String, Hint> hints = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Hint> eldest) {
            return size() > MAX_JOBS;
        }
    };
    private volatile String clientId = newClientId();

    /**
     * A new id for each connection: a second socket under the same id goes deaf when the server notices the end of the
     * first (seen up to 0.38).
     */
    private static String newClientId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** The id under which jobs are submitted, so that their events come here. */
    String clientId() {
        return clientId;
    }

    String renewClientId() {
        clientId = newClientId();
        return clientId;
    }

    /** The last known progress of a job's running node. */
    Optional<JobProgress> progress(String jobId) {
        lock.lock();
        try {
            return hints.getOrDefault(jobId, Hint.NONE).progress();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the socket tells that a job has ended, or the time is over.
     *
     * @return true, perhaps at once, if it has told
     */
    boolean awaitEnd(String jobId, Duration timeout) throws InterruptedException {
        long nanos = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (!hints.getOrDefault(jobId, Hint.NONE).ended()) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = jobEnded.awaitNanos(nanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes a text message; what it does not know it ignores, since the set of types is open. */
    void onMessage(JsonObject message) {
        JsonObject data = ComfyUiCodec.object(message.get("data"));
        String job = data.getString("prompt_id", "");
        switch (message.getString("type", "")) {
            case "progress" -> progress(job, data, ComfyUiCodec.text(data.get("node")));
            case "progress_state" ->
                ComfyUiCodec.object(data.get("nodes")).forEach((node, state) -> runningNode(job, node, state));
            case "executing" -> {
                if (data.get("node") == JsonValue.NULL && !job.isEmpty()) {
                    ended(job); // the one event that comes after the history is written
                }
            }
            default -> {
                // status, executed, execution_*: polling knows better
            }
        }
    }

    private void runningNode(String job, String node, JsonValue state) {
        if (state instanceof JsonObject object && object.getString("state", "").equals("running")) {
            progress(job, object, node);
        }
    }

    private void progress(String job, JsonObject numbers, String node) {
        double max = number(numbers, "max");
        if (max > 0) {
            put(job, new Hint(Optional.of(new JobProgress(number(numbers, "value"), max, node, 0)), false));
        }
    }

    private void ended(String job) {
        put(job, new Hint(Optional.empty(), true));
    }

    private void put(String job, Hint hint) {
        lock.lock();
        try {
            hints.put(job, hint);
            if (hint.ended()) {
                jobEnded.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private static double number(JsonObject object, String name) {
        return object.get(name) instanceof JsonNumber number ? number.doubleValue() : 0;
    }

    /** How long to wait before opening the socket again, by the number of failures in a row. */
    static long reconnectMillis(int failures) {
        return Math.min(TimeUnit.SECONDS.toMillis(30), 500L << Math.min(failures, 6));
    }
}
