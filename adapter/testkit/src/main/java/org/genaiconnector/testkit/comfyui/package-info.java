/**
 * A ComfyUI server in Java, for tests and demos without a GPU.
 *
 * <p>{@link org.genaiconnector.testkit.comfyui.ComfyUiSimulator} starts one on a local port. It speaks the HTTP and
 * WebSocket protocol of ComfyUI 0.33.0 as recorded in {@code adapter/traces/comfyui}: prompts are validated, queued,
 * executed by one worker thread and really write PNG files, so a client sees no difference until it looks at
 * the pictures. Text-to-image graphs paint an invented landscape from the words of the prompt instead of running a
 * model.
 *
 * <p>One {@code ServerProcess} is what would be one operating system process: HTTP front, queue, history, node caches
 * and sockets. Killing and restarting the simulator throws it away and starts an empty one on the same port. Requests
 * come in through {@code HttpFront}, which finds the route in the {@code Routes} table; {@code PromptValidator} checks
 * a prompt against the {@code NodeClass} descriptions, {@code JobQueue} hands it to the {@code Worker}, and an {@code
 * Execution} runs its nodes, telling the {@code WebSocketHub} what happens. The simulator also misbehaves on demand, in
 * the ways real servers were seen to misbehave.
 */
package org.genaiconnector.testkit.comfyui;
