/**
 * Checks of workflows and workflow templates.
 *
 * <p>{@link org.genaiconnector.ra.comfyui.workflow.WorkflowChecker} says before a submission what the backend would say of a
 * workflow, and {@link org.genaiconnector.ra.comfyui.workflow.CatalogueCheck} does so with what is known of one backend.
 * {@link org.genaiconnector.ra.comfyui.workflow.DanglingLinks} finds links that would break a run.
 * {@link org.genaiconnector.ra.comfyui.workflow.FilledTemplate} is the content of a template that an administrator configures.
 */
package org.genaiconnector.ra.comfyui.workflow;
