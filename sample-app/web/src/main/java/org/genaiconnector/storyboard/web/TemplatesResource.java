package org.genaiconnector.storyboard.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.WorkflowParameter;
import org.genaiconnector.storyboard.WorkflowTemplates;

/** {@code /api/templates}: the workflows that jobs and stories can name, and what can be set in them. */
@Path("templates")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class TemplatesResource {

    @Inject
    private WorkflowTemplates templates;

    /** Lists the templates. */
    @GET
    public JsonArray list() throws GenAiException {
        JsonArrayBuilder list = Json.createArrayBuilder();
        for (String name : templates.names()) {
            JsonArrayBuilder parameters = Json.createArrayBuilder();
            templates.parameters(name).forEach(parameter -> parameters.add(json(parameter)));
            list.add(Json.createObjectBuilder().add("name", name).add("parameters", parameters));
        }
        return list.build();
    }

    private static JsonObjectBuilder json(WorkflowParameter parameter) {
        return Json.createObjectBuilder()
                .add("name", parameter.name())
                .add("type", parameter.type().name())
                .add("default", parameter.defaultValue())
                .add("required", parameter.required());
    }
}
