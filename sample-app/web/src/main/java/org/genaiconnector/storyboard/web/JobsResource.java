package org.genaiconnector.storyboard.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonValue;
import jakarta.resource.ResourceException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.storyboard.Illustrator;
import org.genaiconnector.storyboard.JobBoard;
import org.genaiconnector.storyboard.TrackedJob;
import org.genaiconnector.storyboard.WorkflowTemplates;

/** {@code /api/jobs}: send workflows, watch them, cancel them. */
@Path("jobs")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class JobsResource {

    @Inject
    private Illustrator illustrator;

    @Inject
    private JobBoard board;

    @Inject
    private WorkflowTemplates templates;

    @Inject
    private EventStreams events;

    /** Sends a workflow, or a template filled with parameters. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response send(InputStream body, @Context UriInfo uri) throws IOException, ResourceException {
        Workflow workflow = workflow(JsonBody.read(body));
        board.requireRoom();
        if (board.isDurable()) {
            illustrator.check(workflow); // the job would end as rejected, which this client would hear of later
        }
        TrackedJob job = board.watch(illustrator.send(workflow));
        URI location = uri.getAbsolutePathBuilder().path(job.id()).build();
        return Response.accepted(JobJson.Accepted.of(job)).location(location).build();
    }

    /** Lists the jobs of this application, newest first. */
    @GET
    public List<JobJson> list() throws ResourceException {
        return board.all().stream().map(JobJson::of).toList();
    }

    /** Tells what has become of a job. */
    @GET
    @Path("{id}")
    public JobJson get(@PathParam("id") String id) throws ResourceException {
        return JobJson.of(find(id).snapshot());
    }

    /** Tells every change of a job until it has ended. */
    @GET
    @Path("{id}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public void events(
            @PathParam("id") String id,
            @HeaderParam(HttpHeaders.LAST_EVENT_ID_HEADER) String lastEventId,
            @Context SseEventSink sink,
            @Context Sse sse)
            throws ResourceException {
        TrackedJob job = find(id);
        events.send(job, () -> board.follow(job), lastEventId, sink, sse);
    }

    /** Cancels a job and no other. */
    @DELETE
    @Path("{id}")
    public Response cancel(@PathParam("id") String id) throws ResourceException {
        TrackedJob job = find(id);
        if (job.state().isFinal() || !board.cancel(job).isAccepted()) {
            throw RequestException.conflict("The job " + id + " has ended already, or its server cannot stop it alone");
        }
        return Response.accepted(JobJson.of(job.snapshot())).build();
    }

    /** Gives the newest picture of an unfinished job; 204 if there is none. */
    @GET
    @Path("{id}/preview")
    @Produces(MediaType.WILDCARD)
    public Response preview(@PathParam("id") String id) throws ResourceException {
        Optional<JobPreview> preview = find(id).preview();
        if (preview.isEmpty()) { // no error: the job may just have ended
            return Response.noContent().build();
        }
        return ForeignContent.headers("preview", preview.get().mediaType())
                .entity(preview.get().image())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private TrackedJob find(String id) throws ResourceException {
        return board.find(id).orElseThrow(() -> RequestException.notFound("There is no job " + id));
    }

    private Workflow workflow(JsonBody body) throws ResourceException {
        if (body.has("workflow") == body.has("template")) {
            throw RequestException.badRequest("Either the member \"workflow\" or the member \"template\" is needed");
        }
        if (body.has("workflow")) {
            return Workflow.of(body.object("workflow"));
        }
        try {
            return templates.fill(
                    body.text("template"), body.optionalObject("parameters").orElse(JsonValue.EMPTY_JSON_OBJECT));
        } catch (IllegalArgumentException e) {
            throw RequestException.badRequest(e.getMessage(), e);
        }
    }
}
