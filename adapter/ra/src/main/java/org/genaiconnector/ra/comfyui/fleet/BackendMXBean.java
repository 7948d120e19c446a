package org.genaiconnector.ra.comfyui.fleet;

/** The operations of the MXBean of one of several backends. */
public interface BackendMXBean {
    /** Gives the backend no new jobs; those that it has go on. */
    void drain();

    /** Gives the backend jobs again. */
    void resume();
}
