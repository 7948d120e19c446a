package org.genaiconnector.testkit.comfyui;

import java.time.Clock;
import java.time.Duration;

/** The parts of one process that executions use; the same for all jobs. */
record ProcessParts(
        ServerVersion version,
        Folders folders,
        NodeClasses classes,
        NodeCache cache,
        ModelMemory models,
        WebSocketHub hub,
        Interrupt interrupt,
        Switches switches,
        Duration stepDelay,
        Duration nodeDelay,
        Clock clock) {}
