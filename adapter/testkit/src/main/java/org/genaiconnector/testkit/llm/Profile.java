package org.genaiconnector.testkit.llm;

import java.util.function.Function;

/** Whose server the simulator resembles where it speaks the OpenAI protocol. The Anthropic protocol is always there. */
public enum Profile {
    /** api.openai.com: strict, usage in a chunk of its own, no keep-alive limit worth mentioning. */
    OPENAI(OpenAiFlavour::new),
    /** llama.cpp's server as recorded in February 2025, with its oddities; idle connections close after 5 s. */
    LLAMACPP(LlamaCpp::new),
    /**
     * llama.cpp's server of August 2026: tools streamed, usage in a chunk of its own, the role in the first delta, bad
     * requests refused with 400, {@code /v1/models} behind the key.
     */
    LLAMACPP_2026(LlamaCpp2026::new),
    /** Ollama's OpenAI dialect: any key, repeated ids, whole tool calls. */
    OLLAMA(Ollama::new),
    /** vLLM: {@code "error": "Unauthorized"}, integer codes; idle connections close after 5 s. */
    VLLM(Vllm::new),
    /** LM Studio: status 200 for unknown paths; idle connections close after 5 s. */
    LMSTUDIO(LmStudio::new),
    /** Azure OpenAI: key in {@code api-key}, paths below {@code /openai}. */
    AZURE(Cloud.Azure::new),
    /** OpenRouter: a public list of models, {@code /key}, integer codes. */
    OPENROUTER(Cloud.OpenRouter::new),
    /** Groq: strict schemas for few models, no {@code reasoning_content} in requests. */
    GROQ(Cloud.Groq::new),
    /** DeepSeek: no schemas; reasoning must come back with the calls that followed it. */
    DEEPSEEK(Cloud.DeepSeek::new),
    /** Mistral: 422 for members that it does not know. */
    MISTRAL(Cloud.Mistral::new),
    /** Gemini's OpenAI endpoint: 400 for members that it does not know, errors in an array. */
    GEMINI(Cloud.Gemini::new),
    /** Together: the list of models is a bare array. */
    TOGETHER(Cloud.Together::new),
    /** xAI: models named {@code grok-4...} refuse penalties and stop sequences. */
    XAI(Cloud.Xai::new);

    private final Function<Settings, OpenAiFlavour> flavour;

    Profile(Function<Settings, OpenAiFlavour> flavour) {
        this.flavour = flavour;
    }

    OpenAiFlavour flavour(Settings settings) {
        return flavour.apply(settings);
    }
}
