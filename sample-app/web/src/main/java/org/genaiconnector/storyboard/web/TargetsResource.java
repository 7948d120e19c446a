package org.genaiconnector.storyboard.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/** {@code /api/targets}: the services behind the language model, with limits, budgets and cost. */
@Path("targets")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class TargetsResource {

    /** Shows each factory with targets; empty if there is only one service. */
    @GET
    public List<Map<String, Object>> show() {
        return TargetsJson.read();
    }

    /** Switches a target: {@code {"state": "OFF"}} or {@code {"state": "ON"}}. */
    @PUT
    @Path("{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response change(@PathParam("name") String name, InputStream body) throws IOException {
        String state = JsonBody.read(body).text("state");
        if (!state.equals("ON") && !state.equals("OFF")) {
            throw RequestException.badRequest("\"state\" must be ON or OFF");
        }
        if (!TargetsJson.switchTarget(name, state.equals("ON"))) {
            throw RequestException.notFound("There is no such target");
        }
        return Response.noContent().build();
    }
}
