/**
 * The protocol of ComfyUI, and nothing else: this package reads like the protocol and knows HTTP and JSON only.
 *
 * <p>{@link org.genaiconnector.ra.comfyui.wire.ComfyUiBackend} has the routes and what was learnt of one backend.
 * {@link org.genaiconnector.ra.comfyui.wire.JobRoutes}, {@link org.genaiconnector.ra.comfyui.wire.PromptCalls},
 * {@link org.genaiconnector.ra.comfyui.wire.Catalogue} and {@link org.genaiconnector.ra.comfyui.wire.Maintenance} make the calls,
 * one HTTP exchange or a few for each method. The codecs read the answers; what versions and third-party nodes add or leave out
 * is no error. {@link org.genaiconnector.ra.comfyui.wire.EventClient} is one WebSocket connection, and
 * {@link org.genaiconnector.ra.comfyui.wire.SignalCodec} turns its messages into
 * {@link org.genaiconnector.ra.comfyui.wire.JobSignal} values.
 *
 * <p>Wire facts are of version 0.33.0 unless said otherwise.
 */
package org.genaiconnector.ra.comfyui.wire;
