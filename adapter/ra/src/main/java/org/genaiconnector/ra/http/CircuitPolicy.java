package org.genaiconnector.ra.http;

import java.time.Duration;

/**
 * When calls to a failing backend fail at once.
 *
 * @param failures failed attempts in a row that open the circuit; 0 means never
 * @param open how long it stays open before a call is let through again
 */
public record CircuitPolicy(int failures, Duration open) {

    boolean opensAfter(int failed) {
        return failures > 0 && failed >= failures;
    }
}
