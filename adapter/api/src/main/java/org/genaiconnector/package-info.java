/**
 * What both kinds of connections share: failures ({@link org.genaiconnector.GenAiException}) and the credentials of an
 * application ({@link org.genaiconnector.Credentials}).
 *
 * <p>Applications compile against this module and inject {@link org.genaiconnector.comfyui.ComfyUiConnectionFactory} or
 * {@link org.genaiconnector.llm.LlmConnectionFactory} with {@code @Resource}; the application server pools what comes
 * out of them. Values are immutable and may be shared between threads; connections may not.
 */
package org.genaiconnector;
