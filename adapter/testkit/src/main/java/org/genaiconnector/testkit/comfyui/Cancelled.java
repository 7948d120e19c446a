package org.genaiconnector.testkit.comfyui;

/** The running job is to stop here because somebody interrupted it. */
final class Cancelled extends Exception {
    private static final long serialVersionUID = 1L;
}
