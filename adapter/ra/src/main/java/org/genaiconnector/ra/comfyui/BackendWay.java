package org.genaiconnector.ra.comfyui;

import java.net.URI;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.connection.Operation;

/** How each of several backends is called. */
interface BackendWay {
    /** Performs an operation at a backend. */
    <T> T at(URI server, Operation<ComfyUiOperations, T> operation) throws GenAiException;
}
