/**
 * The ComfyUI backend.
 *
 * <p>{@link org.genaiconnector.ra.comfyui.ComfyUiOperations} is what a connection can do, one HTTP call or a few each;
 * {@link org.genaiconnector.ra.comfyui.ComfyUiCodec} reads what the server says. The truth about a job is what the server
 * answers when asked; {@link org.genaiconnector.ra.comfyui.ServerEvents} listens to its WebSocket only to know the progress
 * and to ask sooner. Wire facts are of version 0.33.0 unless said otherwise.
 */
package org.genaiconnector.ra.comfyui;
