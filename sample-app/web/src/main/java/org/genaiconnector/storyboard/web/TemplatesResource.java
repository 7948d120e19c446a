package org.genaiconnector.storyboard.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonValue;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
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
    public List<TemplateJson> list() throws GenAiException {
        List<TemplateJson> list = new ArrayList<>();
        for (String name : templates.names()) {
            list.add(new TemplateJson(
                    name,
                    templates.parameters(name).stream().map(ParameterJson::of).toList()));
        }
        return list;
    }

    /**
     * A template as clients see it.
     *
     * @param name by which jobs and stories choose it
     * @param parameters that can be set
     */
    public record TemplateJson(String name, List<ParameterJson> parameters) {}

    /**
     * A parameter as clients see it.
     *
     * @param name of the parameter
     * @param type of its value
     * @param defaultValue in the workflow
     * @param required whether it must be set
     */
    public record ParameterJson(
            String name,
            WorkflowParameter.Type type,
            @JsonbProperty("default") JsonValue defaultValue,
            boolean required) {

        static ParameterJson of(WorkflowParameter parameter) {
            return new ParameterJson(
                    parameter.name(), parameter.type(), parameter.defaultValue(), parameter.required());
        }
    }
}
