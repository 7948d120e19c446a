package org.genaiconnector.llm;

import java.io.Serializable;
import java.util.Objects;

/** Whether and which tools a model calls. */
public sealed interface ToolChoice extends Serializable {
    /** The model decides. */
    ToolChoice AUTO = Mode.AUTO;

    /** No tool, although some are defined. */
    ToolChoice NONE = Mode.NONE;

    /** At least one, whichever. */
    ToolChoice REQUIRED = Mode.REQUIRED;

    /**
     * This one. Local services, some of which ignore the name, are offered no other tool.
     *
     * @param tool its name
     * @return the choice
     */
    static ToolChoice tool(String tool) {
        return new Named(tool);
    }

    /** A choice without a name. */
    enum Mode implements ToolChoice {
        /** See {@link ToolChoice#AUTO}. */
        AUTO,
        /** See {@link ToolChoice#NONE}. */
        NONE,
        /** See {@link ToolChoice#REQUIRED}. */
        REQUIRED
    }

    /**
     * One particular tool.
     *
     * @param tool its name
     */
    record Named(String tool) implements ToolChoice {
        public Named {
            Objects.requireNonNull(tool, "tool");
        }
    }
}
