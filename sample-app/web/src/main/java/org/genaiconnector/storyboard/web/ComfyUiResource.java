package org.genaiconnector.storyboard.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import jakarta.resource.ResourceException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
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
    public JsonObject queue() throws ResourceException {
        JobQueue queue = server.queue();
        return Json.createObjectBuilder()
                .add("running", Json.createArrayBuilder(queue.running()))
                .add("pending", Json.createArrayBuilder(queue.pending()))
                .build();
    }

    /** Tells version, memory, devices, and the model file that paints unless a caller names one. */
    @GET
    @Path("system")
    public JsonObject system() throws ResourceException {
        SystemStats stats = server.system();
        JsonArrayBuilder devices = Json.createArrayBuilder();
        stats.devices()
                .forEach(device -> devices.add(Json.createObjectBuilder()
                        .add("name", device.name())
                        .add("type", device.type())
                        .add("vramTotal", device.vramTotal())
                        .add("vramFree", device.vramFree())));
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("server", server.address().toString())
                .add("version", optional(stats.version()))
                .add("operatingSystem", stats.operatingSystem())
                .add("pythonVersion", optional(stats.pythonVersion()))
                .add("devices", devices);
        try {
            json.add("checkpoint", optional(templates.checkpoint()));
        } catch (GenAiException e) { // this one thing is not known; the rest is
            json.addNull("checkpoint")
                    .add("checkpointError", ErrorJson.of(Failure.of(e).orElseThrow()));
        }
        return json.build();
    }

    /** Interrupts the running job, also that of another client. */
    @POST
    @Path("interrupt")
    public Response interrupt() throws ResourceException {
        server.interrupt();
        return Response.noContent().build();
    }

    private static JsonValue optional(Optional<String> value) {
        return value.<JsonValue>map(Json::createValue).orElse(JsonValue.NULL);
    }
}
