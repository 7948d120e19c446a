/**
 * Connections to a ComfyUI: send workflows, get jobs, transfer files.
 *
 * <p>The adapter checks a {@link org.genaiconnector.comfyui.Workflow} before it sends it. Sending it with {@link
 * org.genaiconnector.comfyui.ComfyUiConnection#queuePrompt} returns at once with a {@link
 * org.genaiconnector.comfyui.Job}; {@link org.genaiconnector.comfyui.ComfyUiConnection#findJob} asks for its status,
 * {@link org.genaiconnector.comfyui.ComfyUiConnectionFactory#awaitJob} waits for its end and holds no pooled connection
 * while it waits.
 *
 * <p>Files go in with an {@link org.genaiconnector.comfyui.Upload} and come out as a
 * {@link org.genaiconnector.comfyui.Download}. A {@link org.genaiconnector.comfyui.WorkflowTemplate} is a workflow that the
 * administrator has put into JNDI, with named parameters.
 */
package org.genaiconnector.comfyui;
