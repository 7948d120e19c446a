package org.genaiconnector.llm;

import java.io.Serializable;
import java.util.Objects;

/** Whether and which tools a model calls. */
public sealed interface ToolChoice extends Serializable {
    /** The model decides. */
    ToolChoice AUTO = Mode.AUTO;

    /** The model must not call a tool, although the request defines some. */
    ToolChoice NONE = Mode.NONE;

    /** The model must call at least one tool. */
    ToolChoice REQUIRED = Mode.REQUIRED;

    /**
     * The model must call this tool. To local services, some of which ignore the name, the adapter offers no other
     * tool.
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
