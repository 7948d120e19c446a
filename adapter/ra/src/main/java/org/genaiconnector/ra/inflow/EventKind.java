package org.genaiconnector.ra.inflow;

/** Kinds of events of a job; the names are the values of property {@code events}. */
enum EventKind {
    ENDS,
    PROGRESS,
    PREVIEW
}
