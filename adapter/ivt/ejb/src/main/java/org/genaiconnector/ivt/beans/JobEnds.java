package org.genaiconnector.ivt.beans;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.comfyui.JobEvent;

/** What the message-driven bean has received. Safe for all threads. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.SUPPORTS)
public class JobEnds {
    private final Map<String, JobEvent> taken = new HashMap<>();
    private final Set<String> failing = new HashSet<>();
    private final Set<String> expected = new HashSet<>();

    /**
     * Remembers the end of a job when it comes. Call it before the job can end.
     *
     * @param failOnce whether the bean throws at the first delivery
     */
    public synchronized void expect(String jobId, boolean failOnce) {
        expected.add(jobId);
        if (failOnce) {
            failing.add(jobId);
        }
    }

    /**
     * Takes an end.
     *
     * @throws IllegalStateException if it should fail now, so that the adapter delivers it again
     */
    public synchronized void take(JobEvent end) {
        if (failing.remove(end.jobId())) {
            throw new IllegalStateException(
                    "The installation verification test fails the first delivery of the end of job " + end.jobId()
                            + " on purpose");
        }
        if (expected.contains(end.jobId())) {
            taken.put(end.jobId(), end);
            notifyAll();
        }
    }

    /**
     * Waits for the end of an expected job and forgets the job.
     *
     * @return empty if it does not come in time
     */
    public synchronized Optional<JobEvent> await(String jobId, Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        long left = longest.toNanos();
        while (!taken.containsKey(jobId) && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = deadline - System.nanoTime();
        }
        expected.remove(jobId);
        failing.remove(jobId);
        return Optional.ofNullable(taken.remove(jobId));
    }
}
