package org.genaiconnector.storyboard.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.resource.ResourceException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.SystemStats;
import org.genaiconnector.storyboard.Failure;
import org.genaiconnector.storyboard.ImageServer;
import org.genaiconnector.storyboard.WorkflowTemplates;

/** {@code /api/comfyui}: the ComfyUI server as it is, with the jobs of all its clients. */
@Path("comfyui")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class ComfyUiResource {

    @Inject
    private ImageServer server;

    @Inject
    private WorkflowTemplates templates;

    /** Lists the ids of running and waiting jobs. */
    @GET
    @Path("queue")
    public JobQueue queue() throws ResourceException {
        return server.queue();
    }

    /** Tells version, memory, devices, and the model file that paints unless a caller names one. */
    @GET
    @Path("system")
    public SystemJson system() throws ResourceException {
        SystemStats stats = server.system();
        try {
            return SystemJson.of(server.address(), stats, templates.checkpoint(), Optional.empty());
        } catch (GenAiException e) { // this one thing is not known; the rest is
            return SystemJson.of(
                    server.address(), stats, Optional.empty(), Failure.of(e).map(ErrorJson::of));
        }
    }

    /**
     * ComfyUI as clients see it.
     *
     * @param server base address
     * @param version of ComfyUI
     * @param operatingSystem Python's name for it
     * @param pythonVersion of its Python
     * @param devices the primary one first
     * @param checkpoint the model file that paints unless a caller names one
     * @param checkpointError why that is not known
     */
    public record SystemJson(
            URI server,
            Optional<String> version,
            String operatingSystem,
            Optional<String> pythonVersion,
            List<SystemStats.Device> devices,
            Optional<String> checkpoint,
            Optional<ErrorJson> checkpointError) {

        static SystemJson of(
                URI server, SystemStats stats, Optional<String> checkpoint, Optional<ErrorJson> checkpointError) {
            return new SystemJson(
                    server,
                    stats.version(),
                    stats.operatingSystem(),
                    stats.pythonVersion(),
                    stats.devices(),
                    checkpoint,
                    checkpointError);
        }
    }

    /** Interrupts the running job, also that of another client. */
    @POST
    @Path("interrupt")
    public Response interrupt() throws ResourceException {
        server.interrupt();
        return Response.noContent().build();
    }
}
