/**
 * The Comfy API v2, which Comfy Cloud, its deployments and the vendor's proxy speak: a second dialect beside that of ComfyUI itself.
 * {@link org.genaiconnector.ra.comfyui.cloud.CloudDialect} says what differs,
 * {@link org.genaiconnector.ra.comfyui.cloud.CloudPrompts} sends workflows, {@link org.genaiconnector.ra.comfyui.cloud.CloudRoutes} asks about
 * jobs and cancels them, {@link org.genaiconnector.ra.comfyui.cloud.CloudFiles} moves files.
 *
 * <p>Source of the wire facts: the vendor's description, {@code https://docs.comfy.org/openapi-v2.yaml} of August 2026. Jobs are asked for one
 * by one, because the API lists none; it has an event stream for each job, which it calls an enhancement of polling, and which is not
 * used.
 */
package org.genaiconnector.ra.comfyui.cloud;
