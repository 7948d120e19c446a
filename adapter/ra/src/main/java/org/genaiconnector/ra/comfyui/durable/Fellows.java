package org.genaiconnector.ra.comfyui.durable;

import java.util.List;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.ra.statistics.CountedJob;

/** What a backend that is one of several is asked about their jobs. Any thread. */
public interface Fellows {
    /** A job that waits to be sent to any of them. */
    record Waiting(String id, Submission submission) {}

    /** The addresses of all, in the order of the configuration; the first is that of jobs that no backend has yet. */
    List<String> addresses();

    /**
     * The jobs that this backend will have finished first, as far as can be known.
     *
     * @param jobs in the order of sending
     * @return their ids, in the same order
     */
    List<String> own(List<Waiting> jobs);

    /**
     * Copies to this backend the uploads that a workflow names.
     *
     * @param uploads that were stored with it
     * @return the submission with the names that they have here
     */
    Submission bring(Submission submission, List<UploadedFile> uploads) throws GenAiException;

    /** The job in the figures of the factory and of this backend. */
    CountedJob count(Submission submission);

    /** How long this backend may be silent, or idle although jobs wait, before its jobs go to others, in milliseconds; 0 for ever. */
    long failoverMillis();

    /** Whether any other backend could take such a job now. */
    boolean hasOther(Submission submission);

    /** This backend runs nothing although jobs wait. */
    void idle();
}
