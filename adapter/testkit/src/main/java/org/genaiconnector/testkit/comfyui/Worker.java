package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.genaiconnector.testkit.OperatorMessage;

/** The one thread that runs jobs, one after the other. */
final class Worker {
    private static final System.Logger LOG = System.getLogger(Worker.class.getName());

    private final ProcessParts parts;
    private final JobQueue queue;
    private final Consumer<Job> completed;
    private final Thread thread = new Thread(this::work, "comfyui-worker");

    /** @param completed is told of each job that has run to its end */
    Worker(ProcessParts parts, JobQueue queue, Consumer<Job> completed) {
        this.parts = parts;
        this.queue = queue;
        this.completed = completed;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Ends the thread, also in the middle of a job. */
    void stop() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    private void work() {
        try {
            while (true) {
                JobQueue.Task task = queue.take();
                if (task instanceof JobQueue.Run run) {
                    run(run.job());
                } else {
                    parts.cache().clear();
                    parts.models().clear();
                }
            }
        } catch (WorkerDied e) {
            OperatorMessage.WORKER_DIED.log(LOG, e.jobId());
        } catch (InterruptedException e) {
            LOG.log(System.Logger.Level.DEBUG, "Worker stopped");
        }
    }

    private void run(Job job) throws WorkerDied, InterruptedException {
        HistoryEntry entry = new Execution(parts, job).run();
        TimeUnit.NANOSECONDS.sleep(parts.switches().historyDelay().toNanos());
        if (entry.status().path("completed").asBoolean()) {
            completed.accept(job);
        }
        queue.finish(entry);
        ObjectNode over = Json.object().putNull("node").put("prompt_id", job.id());
        new JobEvents(parts.hub(), parts.version(), job).tellOwner("executing", over);
    }
}
