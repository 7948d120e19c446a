package org.genaiconnector.storyboard;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.resource.ResourceException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;

/**
 * Session bean that sends workflows to ComfyUI. Sending takes milliseconds; what becomes of the job is the
 * {@link JobBoard}'s business. In a transaction of the caller workflows are sent when it is committed.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.SUPPORTS)
public class Illustrator {

    /** By this the application's jobs are known on servers that others use too. */
    static final String TAG = "storyboard";

    @Resource(lookup = "java:app/genai/comfyui")
    private ComfyUiConnectionFactory comfyUi;

    @Inject
    private WorkflowTemplates templates;

    /**
     * What paints a scene.
     *
     * @param story how to paint it
     * @param scene what to paint
     * @return to be sent
     * @throws ResourceException if ComfyUI must be asked what it has, and cannot be
     */
    public Workflow workflow(StoryRequest story, String scene) throws ResourceException {
        return templates.paint(story.template(), story.parameters(), scene);
    }

    /**
     * Sends a workflow.
     *
     * @param workflow in API format
     * @return the accepted job
     * @throws ResourceException if ComfyUI cannot be reached or refuses the workflow
     */
    public Job send(Workflow workflow) throws ResourceException {
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
            return connection.queuePrompt(Submission.of(workflow).withTag(TAG).withPreviewMethod("auto"));
        }
    }

    /**
     * Makes sure that ComfyUI can run a workflow, as far as that can be said before it is sent.
     *
     * @param workflow in API format
     * @throws ResourceException if ComfyUI cannot be reached or would refuse the workflow
     */
    public void check(Workflow workflow) throws ResourceException {
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
            connection.check(workflow).orThrow();
        }
    }
}
