package org.genaiconnector.ra.inflow;

/** The jobs whose events a bean receives; the names are the values of property {@code jobs}. */
enum JobScope {
    /** Jobs that were submitted through this adapter. */
    SUBMITTED,
    /** All jobs of one ComfyUI, including those of other clients. */
    ALL
}
