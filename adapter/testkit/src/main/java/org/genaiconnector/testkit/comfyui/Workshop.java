package org.genaiconnector.testkit.comfyui;

import java.time.Duration;

/** What an execution works with; the same for all jobs of one server process. */
record Workshop(
        ServerVersion version,
        Folders folders,
        NodeClasses classes,
        NodeCache cache,
        WebSocketHub hub,
        Interrupt interrupt,
        Switches switches,
        Duration stepDelay,
        Duration nodeDelay) {}
