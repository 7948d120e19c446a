package org.genaiconnector.storyboard.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.resource.ResourceException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
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
import java.util.List;
import java.util.Map;
import org.genaiconnector.GenAiException;
import org.genaiconnector.storyboard.Stories;
import org.genaiconnector.storyboard.Story;
import org.genaiconnector.storyboard.StoryRequest;
import org.genaiconnector.storyboard.StoryView;
import org.genaiconnector.storyboard.WorkflowTemplates;

/** {@code /api/stories}: from an idea to painted scenes. */
@Path("stories")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class StoriesResource {

    private static final int DEFAULT_SCENES = 3;
    private static final int MAX_SCENES = 12;
    private static final int MAX_IDEA = 2_000;
    private static final int MAX_PARAMETERS = 10_000;

    @Inject
    private Stories stories;

    @Inject
    private WorkflowTemplates templates;

    /** Begins a story, painted by a template with some of its parameters set. */
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
        JsonObject parameters = body.optionalObject("parameters").orElse(JsonValue.EMPTY_JSON_OBJECT);
        if (parameters.toString().length() > MAX_PARAMETERS) { // they are kept with the story
            throw RequestException.badRequest("\"parameters\" must have at most " + MAX_PARAMETERS + " characters");
        }
        StoryRequest request = new StoryRequest(
                idea, scenes, body.optionalText("template").orElse(WorkflowTemplates.TEXT_TO_IMAGE), parameters);
        try {
            templates.check(request.template(), request.parameters());
        } catch (IllegalArgumentException e) {
            throw RequestException.badRequest(e.getMessage(), e);
        }
        Story story = stories.begin(request);
        URI location = uri.getAbsolutePathBuilder().path(story.id()).build();
        return Response.accepted(Map.of("id", story.id())).location(location).build();
    }

    /** Lists the stories, newest first. */
    @GET
    public List<StoryJson> list() {
        return stories.all().stream().map(StoryJson::of).toList();
    }

    /** Tells how far a story is. */
    @GET
    @Path("{id}")
    public StoryJson get(@PathParam("id") String id) throws GenAiException {
        return StoryJson.of(find(id).view());
    }

    /** Cancels a story: its writing, and every picture that is not finished. */
    @DELETE
    @Path("{id}")
    public Response cancel(@PathParam("id") String id) throws ResourceException {
        StoryView cancelled = stories.cancel(find(id))
                .orElseThrow(() -> RequestException.conflict("The story " + id + " has ended already"));
        return Response.accepted(StoryJson.of(cancelled)).build();
    }

    /** Has a scene painted once more; the first one has the index 0. */
    @POST
    @Path("{id}/scenes/{index: \\d{1,6}}")
    public Response paintAgain(@PathParam("id") String id, @PathParam("index") int index) throws GenAiException {
        Story story = find(id);
        int scenes = story.view().scenes().size();
        if (index >= scenes) {
            throw RequestException.notFound(
                    "The story " + id + " has " + scenes + " scenes; there is none at index " + index);
        }
        StoryView painted = stories.paintAgain(story, index)
                .orElseThrow(() -> RequestException.conflict(
                        "The scene at index " + index + " of the story " + id + " has not ended yet"));
        return Response.accepted(StoryJson.of(painted)).build();
    }

    private Story find(String id) throws GenAiException {
        return stories.find(id).orElseThrow(() -> RequestException.notFound("There is no story " + id));
    }
}
