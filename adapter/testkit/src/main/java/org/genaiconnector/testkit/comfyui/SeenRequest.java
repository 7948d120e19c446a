package org.genaiconnector.testkit.comfyui;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A request that reached the simulator.
 *
 * @param path as sent, with query
 * @param headers by lower-case name; of repeated headers the first
 * @param body what of the body was kept: at most the first mebibyte; empty for none
 */
public record SeenRequest(String method, String path, Map<String, String> headers, byte[] body) {

    /** The kept body read as UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Method and path, for messages of failed tests. */
    @Override
    public String toString() {
        return method + " " + path;
    }
}
