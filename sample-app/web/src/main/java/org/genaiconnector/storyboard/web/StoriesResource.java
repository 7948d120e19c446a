package org.genaiconnector.storyboard.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import org.genaiconnector.GenAiException;
import org.genaiconnector.storyboard.Stories;
import org.genaiconnector.storyboard.Story;

/** {@code /api/stories}: from an idea to painted scenes. */
@Path("stories")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class StoriesResource {

    private static final int DEFAULT_SCENES = 3;
    private static final int MAX_SCENES = 12;
    private static final int MAX_IDEA = 2_000;

    @Inject
    private Stories stories;

    /** Begins a story. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response begin(InputStream input, @Context UriInfo uri) throws IOException, GenAiException {
        JsonBody body = JsonBody.read(input);
        String idea = body.text("idea").strip();
        if (idea.isEmpty() || idea.length() > MAX_IDEA) {
            throw RequestException.badRequest("\"idea\" must have 1 to " + MAX_IDEA + " characters");
        }
        int scenes = body.optionalInt("scenes").orElse(DEFAULT_SCENES);
        if (scenes < 1 || scenes > MAX_SCENES) {
            throw RequestException.badRequest("\"scenes\" must be 1 to " + MAX_SCENES);
        }
        Story story = stories.begin(idea, scenes);
        URI location = uri.getAbsolutePathBuilder().path(story.id()).build();
        return Response.accepted(
                        Json.createObjectBuilder().add("id", story.id()).build())
                .location(location)
                .build();
    }

    /** Tells how far a story is. */
    @GET
    @Path("{id}")
    public JsonObject get(@PathParam("id") String id) {
        return stories.find(id)
                .map(StoryJson::of)
                .orElseThrow(() -> RequestException.notFound("There is no story " + id));
    }
}
