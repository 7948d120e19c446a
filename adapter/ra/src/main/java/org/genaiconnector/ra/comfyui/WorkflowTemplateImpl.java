package org.genaiconnector.ra.comfyui;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.naming.Reference;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowParameter;
import org.genaiconnector.comfyui.WorkflowTemplate;
import org.genaiconnector.ra.comfyui.workflow.FilledTemplate;
import org.genaiconnector.ra.comfyui.workflow.TemplateSource;

/**
 * Administered object: a workflow with named parameters. It is read when it is first used, so a wrong one hinders neither
 * the deployment of the adapter nor the lookup, and fails where the application sees it.
 */
public class WorkflowTemplateImpl implements WorkflowTemplate {
    private static final long serialVersionUID = 1L;

    private String workflowFile;
    private String workflow;
    private String parameters;
    private String requiredParameters;
    private Reference reference;

    /** What was read last. */
    private transient volatile FilledTemplate read;

    /** To be configured by the container. */
    public WorkflowTemplateImpl() {}

    @Override
    public Workflow workflow() throws GenAiException {
        return template().workflow();
    }

    @Override
    public List<WorkflowParameter> parameters() throws GenAiException {
        return template().parameters();
    }

    @Override
    public Workflow with(Map<String, ?> values) throws GenAiException {
        return template().with(values);
    }

    private FilledTemplate template() throws GenAiException {
        TemplateSource source = TemplateSource.of(workflowFile, workflow, parameters, requiredParameters);
        FilledTemplate known = read;
        if (known == null || !known.source().equals(source)) {
            known = FilledTemplate.read(source);
            read = known;
        }
        return known;
    }

    /** Path of a file with a workflow in API format. */
    public String getWorkflowFile() {
        return workflowFile;
    }

    public void setWorkflowFile(String workflowFile) {
        this.workflowFile = workflowFile;
    }

    /** The workflow itself, in API format, instead of a file. */
    public String getWorkflow() {
        return workflow;
    }

    public void setWorkflow(String workflow) {
        this.workflow = workflow;
    }

    /**
     * Names of the parameters and the inputs that they set: {@code prompt=positive.text, seed=KSampler.seed}; titles with a
     * comma in quotation marks, {@code prompt="Positive, main".text}.
     */
    public String getParameters() {
        return parameters;
    }

    public void setParameters(String parameters) {
        this.parameters = parameters;
    }

    /** Names of the parameters that applications must set, separated by commas. */
    public String getRequiredParameters() {
        return requiredParameters;
    }

    public void setRequiredParameters(String requiredParameters) {
        this.requiredParameters = requiredParameters;
    }

    @Override
    public void setReference(Reference value) {
        reference = value;
    }

    @Override
    public Reference getReference() {
        return reference;
    }

    private List<Object> configuration() {
        return Arrays.asList(workflowFile, workflow, parameters, requiredParameters);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WorkflowTemplateImpl template && configuration().equals(template.configuration());
    }

    @Override
    public int hashCode() {
        return configuration().hashCode();
    }

    /** Class and file. */
    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + (workflowFile == null ? "inline" : workflowFile) + "]";
    }
}
