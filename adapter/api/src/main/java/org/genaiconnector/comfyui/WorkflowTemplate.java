package org.genaiconnector.comfyui;

import jakarta.resource.Referenceable;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.genaiconnector.GenAiException;

/**
 * A workflow with named parameters that an administrator has put into JNDI; injected with {@code @Resource}. The
 * administrator decides what the workflow looks like, and which of its inputs a parameter sets:
 *
 * <pre>{@code
 * @Resource(lookup = "genai/painting")
 * private WorkflowTemplate painting;
 * ...
 * connection.queuePrompt(painting.with(Map.of("prompt", "a lighthouse", "width", 768)).withRandomSeed());
 * }</pre>
 *
 * <p>May be used by any number of threads. The adapter reads the file when it is first needed and again after it has
 * changed, so every method can fail because of the file: {@code NOT_FOUND} if the file cannot be read, a {@link
 * WorkflowRejectedException} if it is no workflow, {@code INVALID_REQUEST} if a parameter leads to no input.
 */
public interface WorkflowTemplate extends Serializable, Referenceable {

    /**
     * The workflow as it is.
     *
     * @return the workflow
     * @throws GenAiException as every operation of this interface
     */
    Workflow workflow() throws GenAiException;

    /**
     * The parameters.
     *
     * @return in the administrator's order, may be empty
     * @throws GenAiException as every operation of this interface
     */
    List<WorkflowParameter> parameters() throws GenAiException;

    /**
     * The workflow with some of its parameters set.
     *
     * @param values by the parameters' names: strings, numbers, booleans or {@link jakarta.json.JsonValue}s
     * @return the workflow
     * @throws IllegalArgumentException if there is no such parameter, a value is of another type than the workflow's, or one
     *     that is required is missing; the message names all of them and lists the parameters that there are
     * @throws GenAiException as every operation of this interface
     */
    Workflow with(Map<String, ?> values) throws GenAiException;
}
