package org.genaiconnector.ra.comfyui;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.ra.comfyui.durable.Fellows;
import org.genaiconnector.ra.comfyui.fleet.JobNeeds;
import org.genaiconnector.ra.statistics.CountedJob;

/** One of several backends, seen from the job store. Any thread. */
final class StoreFellows implements Fellows {
    private final FactoryFleet own;
    private final URI server;

    StoreFellows(FactoryFleet own, URI server) {
        this.own = own;
        this.server = server;
    }

    private BackendWay way() {
        return new OwnWay(own.owner(), Optional.empty());
    }

    @Override
    public List<String> addresses() {
        return own.fleet().servers().stream().map(URI::toString).toList();
    }

    @Override
    public List<String> own(List<Waiting> jobs) {
        List<JobNeeds> needs =
                jobs.stream().map(job -> JobNeeds.of(job.submission())).toList();
        FleetPlacing placing = new FleetPlacing(own, way());
        placing.lookAtQueues();
        List<Optional<URI>> plan = own.fleet().plan(needs, placing::lacks);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            if (plan.get(i).equals(Optional.of(server))) {
                ids.add(jobs.get(i).id());
            }
        }
        return ids;
    }

    @Override
    public Submission bring(Submission submission, List<UploadedFile> uploads) throws GenAiException {
        uploads.forEach(own.uploads()::heard);
        JobNeeds needs = JobNeeds.of(submission);
        new FleetFiles(own, way()).bring(server, needs);
        return own.uploads().asAt(server, submission, needs);
    }

    @Override
    public CountedJob count(Submission submission) {
        return own.owner().countedJob(own.fleet().enter(server, JobNeeds.of(submission)));
    }

    @Override
    public long failoverMillis() {
        return own.owner().failoverMillis();
    }

    @Override
    public boolean hasOther(Submission submission) {
        return own.hasOther(JobNeeds.of(submission), server);
    }

    @Override
    public void idle() {
        own.idle(server);
    }
}
