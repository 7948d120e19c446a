/**
 * The ComfyUI backend.
 *
 * <p>{@link org.genaiconnector.ra.comfyui.ComfyUiOperations} is what a connection can do, one HTTP call or a few each;
 * {@link org.genaiconnector.ra.comfyui.ComfyUiCodec} reads what the server says. The truth about a job is what the server
 * answers when asked: {@link org.genaiconnector.ra.comfyui.JobTracker} follows every job to exactly one end, by the questions
 * of its {@link org.genaiconnector.ra.comfyui.JobPoller}, which the signals of an
 * {@link org.genaiconnector.ra.comfyui.EventSocket} only hurry, and {@link org.genaiconnector.ra.comfyui.JobTrackers} tells
 * observers of it.
 *
 * <p>{@link org.genaiconnector.ra.comfyui.ComfyUiFiles} moves files in both directions,
 * {@link org.genaiconnector.ra.comfyui.ComfyUiCatalogue} tells what a server has, and
 * {@link org.genaiconnector.ra.comfyui.ComfyUiUpkeep} tidies it up; {@link org.genaiconnector.ra.comfyui.WorkflowChecker}
 * says beforehand what a server would say of a workflow. {@link org.genaiconnector.ra.comfyui.WorkflowTemplateImpl} is the
 * administered object.
 *
 * <p>Wire facts are of version 0.33.0 unless said otherwise.
 */
package org.genaiconnector.ra.comfyui;
