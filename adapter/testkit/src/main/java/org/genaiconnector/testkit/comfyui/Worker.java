package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.testkit.OperatorMessage;

/** The one thread that runs jobs, one after the other. */
final class Worker {
    private static final System.Logger LOG = System.getLogger(Worker.class.getName());

    private final ProcessParts parts;
    private final JobQueue queue;
    private final Thread thread = new Thread(this::work, "comfyui-worker");

    Worker(ProcessParts parts, JobQueue queue) {
        this.parts = parts;
        this.queue = queue;
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
        queue.finish(entry);
        ObjectNode over = Json.object().putNull("node").put("prompt_id", job.id());
        new JobEvents(parts.hub(), parts.version(), job).tellOwner("executing", over);
    }
}
