package org.genaiconnector.testkit.llm;

/**
 * What a request says about the use of its tools.
 *
 * @param name the only tool allowed, or null
 */
record ToolChoice(Mode mode, String name) {
    static final ToolChoice AUTO = new ToolChoice(Mode.AUTO, null);
    static final ToolChoice NONE = new ToolChoice(Mode.NONE, null);
    static final ToolChoice REQUIRED = new ToolChoice(Mode.REQUIRED, null);

    enum Mode {
        AUTO,
        NONE,
        REQUIRED
    }

    static ToolChoice named(String name) {
        return new ToolChoice(Mode.REQUIRED, name);
    }
}
