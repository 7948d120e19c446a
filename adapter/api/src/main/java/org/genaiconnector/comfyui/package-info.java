/**
 * Connections to a ComfyUI server: workflows go in, jobs come back, files come out.
 *
 * <p>A {@link org.genaiconnector.comfyui.Workflow} is checked before it is sent. Sending it with
 * {@link org.genaiconnector.comfyui.ComfyUiConnection#queuePrompt} returns at once with a
 * {@link org.genaiconnector.comfyui.Job}; what became of it is asked with
 * {@link org.genaiconnector.comfyui.ComfyUiConnection#findJob} or awaited with
 * {@link org.genaiconnector.comfyui.ComfyUiConnectionFactory#awaitJob}, which holds no pooled connection while it waits.
 *
 * <p>Files go in with an {@link org.genaiconnector.comfyui.Upload} and come out as a
 * {@link org.genaiconnector.comfyui.Download}. A {@link org.genaiconnector.comfyui.WorkflowTemplate} is a workflow that the
 * administrator has put into JNDI, with named parameters.
 */
package org.genaiconnector.comfyui;
