package org.genaiconnector.ra.inflow;

/** What a bean can hear of a job; the names are those of property {@code events}. */
enum EventKind {
    ENDS,
    PROGRESS,
    PREVIEW
}
