package org.genaiconnector.testkit.comfyui;

/** Stops the running job here, because a client interrupted it. */
final class Cancelled extends Exception {
    private static final long serialVersionUID = 1L;
}
