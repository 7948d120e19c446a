package org.genaiconnector.ra.llm;

/** What is peculiar to some services among those that speak a protocol, and what the adapter does about it. */
enum Quirk {
    /** OpenAI's reasoning models refuse {@code max_tokens}; Ollama and old llama.cpp ignore the newer name. */
    MAX_COMPLETION_TOKENS("`max_completion_tokens` carries the output limit"),
    NO_TOP_K("no `top_k`"),
    NO_SEED("no `seed`"),
    /** Seen with api.mistral.ai, which refuses {@code seed} with 422. */
    RANDOM_SEED("the seed is `random_seed`"),
    NO_PENALTIES("no `frequency_penalty`, no `presence_penalty`"),
    /** The service counts tokens at the end of a stream without being asked, and refuses the member. */
    NO_STREAM_OPTIONS("no `stream_options`"),
    /** The service knows JSON but no schemas: "This response_format type is unavailable now". */
    NO_SCHEMAS("no JSON schemas for answers"),
    /** Only few models take schemas as strict; the others answer 400. */
    NO_STRICT("schemas are never marked as `strict`"),
    /** llama.cpp ignores the name, LM Studio refuses it: the service gets the one tool, and must call one. */
    NO_NAMED_TOOL_CHOICE("a tool that must be called is offered alone"),
    /** Chat templates fail on arguments that are no JSON object. */
    OBJECT_ARGUMENTS("broken arguments of tools go back wrapped in an object"),
    /** Thinking is a switch of its own beside the effort. */
    THINKING_SWITCH("no reasoning: `thinking` is `disabled`"),
    NO_IMAGE_ADDRESSES("images as bytes only"),
    /** The legacy route is alive, and continues a text literally. */
    COMPLETES("`complete` continues the text (`/completions`)"),
    /** A request that names no model means the one that the service has loaded. */
    HAS_ONE_MODEL("without `model`: the first that it lists"),
    /** There is no route for a single model, or it does not know the names of deployments. */
    LISTS_TO_PROBE("a probe lists the models"),
    /** The list of models is public and says nothing about the key. */
    CHECKS_KEY_AT_KEY("a probe reads `/key`");

    private final String words;

    Quirk(String words) {
        this.words = words;
    }

    /** What the documentation says. */
    String words() {
        return words;
    }
}
