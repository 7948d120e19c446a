/**
 * What both kinds of connections share: how a failure looks ({@link org.genaiconnector.GenAiException}) and how an
 * application names itself to a backend ({@link org.genaiconnector.Credentials}).
 *
 * <p>Applications compile against this module and inject {@link org.genaiconnector.comfyui.ComfyUiConnectionFactory} or
 * {@link org.genaiconnector.llm.LlmConnectionFactory} with {@code @Resource}; the application server pools what comes
 * out of them. Values are immutable and may be shared between threads; connections may not.
 */
package org.genaiconnector;
