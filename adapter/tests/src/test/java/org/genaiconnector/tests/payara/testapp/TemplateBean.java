package org.genaiconnector.tests.payara.testapp;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.resource.AdministeredObjectDefinition;
import jakarta.resource.ResourceException;
import java.time.Duration;
import java.util.Map;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowTemplate;

/** Session bean with workflow templates: one of the administrator's, and one that the application defines itself. */
@Stateless
@AdministeredObjectDefinition(
        name = "java:app/genai/own-template",
        resourceAdapter = "genai-connector",
        interfaceName = "org.genaiconnector.comfyui.WorkflowTemplate",
        className = "org.genaiconnector.ra.comfyui.WorkflowTemplateImpl",
        properties = {"workflow=" + TemplateBean.INVERTED, "parameters=color=canvas.color"})
public class TemplateBean {

    /** Paints a canvas in one colour, inverts it and saves it. */
    public static final String INVERTED = """
            {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 0},
                   "_meta": {"title": "canvas"}},
             "2": {"class_type": "ImageInvert", "inputs": {"image": ["1", 0]}},
             "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "it/template"},
                   "_meta": {"title": "save"}}}""";

    @Resource(lookup = "genai/inverted")
    private WorkflowTemplate given;

    @Resource(lookup = "java:app/genai/own-template")
    private WorkflowTemplate own;

    @Resource(lookup = "genai/broken")
    private WorkflowTemplate broken;

    @Resource(lookup = "genai/comfyui")
    private ComfyUiConnectionFactory comfyUi;

    public WorkflowTemplate given() {
        return given;
    }

    public WorkflowTemplate own() {
        return own;
    }

    public WorkflowTemplate broken() {
        return broken;
    }

    /** Runs the administrator's template; outside of a transaction, which would send it only at its end. */
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public JobStatus runGiven(int color) throws ResourceException {
        Workflow workflow = given.with(Map.of("color", color));
        String id;
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
            connection.check(workflow).orThrow();
            id = connection.queuePrompt(workflow).id();
        }
        return comfyUi.awaitJob(id, Duration.ofSeconds(30));
    }
}
