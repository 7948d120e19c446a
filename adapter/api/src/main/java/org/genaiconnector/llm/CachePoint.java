package org.genaiconnector.llm;

/**
 * A mark after a text, an image, a file or a tool result: the provider is to keep the prompt up to here in its cache, so that the next
 * request with the same beginning costs less. Anthropic keeps up to four marks of a request and bills what it writes ({@link
 * TokenUsage#cacheWriteTokens()}); services that cache by themselves, such as OpenAI, do not get it.
 *
 * <pre>{@code
 * ChatMessage.user(TextPart.of(handbook), CachePoint.FIVE_MINUTES, TextPart.of(question))
 * }</pre>
 */
public enum CachePoint implements ContentPart {
    /** For five minutes after the last use. */
    FIVE_MINUTES,
    /** For an hour after the last use; writing costs more. */
    HOUR
}
