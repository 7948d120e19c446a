/**
 * The ComfyUI backend, seen from the container and the application.
 *
 * <p>{@link org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory} is what an administrator configures,
 * {@link org.genaiconnector.ra.comfyui.ComfyUiHandle} is the connection handle of the application, and
 * {@link org.genaiconnector.ra.comfyui.ComfyUiOperations} is what a connection can do.
 * {@link org.genaiconnector.ra.comfyui.WorkflowTemplateImpl} is the administered object for workflow templates; deployment
 * descriptors name it, so it stays in this package.
 *
 * <p>The work is done in the packages below: {@code wire} speaks the protocol, {@code jobs} tracks jobs, {@code
 * workflow} checks and fills in workflows, {@code files} moves files. None of them knows this package.
 */
package org.genaiconnector.ra.comfyui;
