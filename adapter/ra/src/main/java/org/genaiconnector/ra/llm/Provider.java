package org.genaiconnector.ra.llm;

import static org.genaiconnector.ra.llm.Quirk.CHECKS_KEY_AT_KEY;
import static org.genaiconnector.ra.llm.Quirk.COMPLETES;
import static org.genaiconnector.ra.llm.Quirk.HAS_ONE_MODEL;
import static org.genaiconnector.ra.llm.Quirk.LISTS_TO_PROBE;
import static org.genaiconnector.ra.llm.Quirk.MAX_COMPLETION_TOKENS;
import static org.genaiconnector.ra.llm.Quirk.NO_IMAGE_ADDRESSES;
import static org.genaiconnector.ra.llm.Quirk.NO_NAMED_TOOL_CHOICE;
import static org.genaiconnector.ra.llm.Quirk.NO_PENALTIES;
import static org.genaiconnector.ra.llm.Quirk.NO_SCHEMAS;
import static org.genaiconnector.ra.llm.Quirk.NO_SEED;
import static org.genaiconnector.ra.llm.Quirk.NO_STREAM_OPTIONS;
import static org.genaiconnector.ra.llm.Quirk.NO_STRICT;
import static org.genaiconnector.ra.llm.Quirk.NO_TOP_K;
import static org.genaiconnector.ra.llm.Quirk.OBJECT_ARGUMENTS;
import static org.genaiconnector.ra.llm.Quirk.RANDOM_SEED;
import static org.genaiconnector.ra.llm.Quirk.THINKING_SWITCH;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.Credentials;

/**
 * The services by name, one in a line: protocol, how the key is sent, usual address, and what is peculiar. Everything that is
 * about a service stands here, and nothing of it in a dialect. {@code docs/reference.md} shows this table.
 */
enum Provider {
    OPENAI("OpenAI", Protocol.CHAT, KeyHeader.BEARER, "https://api.openai.com/v1", MAX_COMPLETION_TOKENS, NO_TOP_K),
    OPENAI_RESPONSES("OpenAI (responses)", Protocol.RESPONSES, KeyHeader.BEARER, "https://api.openai.com/v1"),
    ANTHROPIC("Anthropic", Protocol.MESSAGES, KeyHeader.X_API_KEY, "https://api.anthropic.com"),
    /** Any service that speaks OpenAI's protocol, with the tolerance that local ones need. */
    LOCAL("a local service", Protocol.CHAT, KeyHeader.BEARER, "http://localhost:8000/v1", local(NO_NAMED_TOOL_CHOICE)),
    AZURE("Azure OpenAI", Protocol.CHAT, KeyHeader.API_KEY, null, MAX_COMPLETION_TOKENS, NO_TOP_K, LISTS_TO_PROBE),
    OPENROUTER("OpenRouter", Protocol.CHAT, KeyHeader.BEARER, "https://openrouter.ai/api/v1", CHECKS_KEY_AT_KEY),
    GROQ(
            "Groq",
            Protocol.CHAT,
            KeyHeader.BEARER,
            "https://api.groq.com/openai/v1",
            MAX_COMPLETION_TOKENS,
            NO_TOP_K,
            NO_STRICT),
    DEEPSEEK(
            "DeepSeek",
            Protocol.CHAT,
            KeyHeader.BEARER,
            "https://api.deepseek.com/v1",
            NO_TOP_K,
            NO_SCHEMAS,
            THINKING_SWITCH,
            LISTS_TO_PROBE),
    MISTRAL(
            "Mistral",
            Protocol.CHAT,
            KeyHeader.BEARER,
            "https://api.mistral.ai/v1",
            NO_TOP_K,
            NO_STREAM_OPTIONS,
            RANDOM_SEED),
    GEMINI(
            "Gemini",
            Protocol.CHAT,
            KeyHeader.BEARER,
            "https://generativelanguage.googleapis.com/v1beta/openai",
            NO_TOP_K,
            NO_SEED,
            NO_PENALTIES),
    TOGETHER("Together", Protocol.CHAT, KeyHeader.BEARER, "https://api.together.xyz/v1", LISTS_TO_PROBE),
    XAI("xAI", Protocol.CHAT, KeyHeader.BEARER, "https://api.x.ai/v1", MAX_COMPLETION_TOKENS, NO_TOP_K),
    VLLM("vLLM", Protocol.CHAT, KeyHeader.BEARER, "http://localhost:8000/v1", local()),
    OLLAMA(
            "Ollama",
            Protocol.CHAT,
            KeyHeader.BEARER,
            "http://localhost:11434/v1",
            local(NO_NAMED_TOOL_CHOICE, NO_IMAGE_ADDRESSES)),
    LLAMA_CPP("llama.cpp", Protocol.CHAT, KeyHeader.BEARER, "http://localhost:8080/v1", local(NO_NAMED_TOOL_CHOICE)),
    LM_STUDIO("LM Studio", Protocol.CHAT, KeyHeader.BEARER, "http://localhost:1234/v1", local(NO_NAMED_TOOL_CHOICE));

    private final String title;
    private final Protocol protocol;
    private final KeyHeader keyHeader;
    private final String defaultUrl;
    private final Set<Quirk> quirks;

    Provider(String title, Protocol protocol, KeyHeader keyHeader, String defaultUrl, Quirk... quirks) {
        this.title = title;
        this.protocol = protocol;
        this.keyHeader = keyHeader;
        this.defaultUrl = defaultUrl;
        this.quirks = quirks.length == 0 ? EnumSet.noneOf(Quirk.class) : EnumSet.copyOf(List.of(quirks));
    }

    /** What all services have in common that run on a machine of one's own. */
    private static Quirk[] local(Quirk... more) {
        Set<Quirk> all = EnumSet.of(COMPLETES, HAS_ONE_MODEL, LISTS_TO_PROBE, OBJECT_ARGUMENTS);
        all.addAll(List.of(more));
        return all.toArray(Quirk[]::new);
    }

    /** The service's name in messages. */
    String title() {
        return title;
    }

    Protocol protocol() {
        return protocol;
    }

    KeyHeader keyHeader() {
        return keyHeader;
    }

    /** The address that counts if none is configured; empty if every customer has another. */
    Optional<String> defaultUrl() {
        return Optional.ofNullable(defaultUrl);
    }

    Set<Quirk> quirks() {
        return quirks;
    }

    boolean has(Quirk quirk) {
        return quirks.contains(quirk);
    }

    /** The headers of every request: credentials and protocol version. */
    Map<String, String> headers(Optional<Credentials> credentials) {
        return protocol.headers(credentials.map(keyHeader::of).orElse(Map.of()));
    }

    /**
     * The provider of a name in upper or lower case; empty if the name is unknown or null. A dot or hyphen counts like the
     * underscore: {@code llama.cpp} is {@code LLAMA_CPP}.
     */
    static Optional<Provider> named(String name) {
        String wanted = name == null ? "" : name.strip().replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
        return Arrays.stream(values()).filter(one -> one.name().equals(wanted)).findFirst();
    }
}
