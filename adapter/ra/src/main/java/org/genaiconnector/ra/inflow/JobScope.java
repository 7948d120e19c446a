package org.genaiconnector.ra.inflow;

/** Whose jobs a bean hears of; the names are those of property {@code jobs}. */
enum JobScope {
    /** Those that were submitted through this adapter. */
    SUBMITTED,
    /** All of one server, whoever submitted them. */
    ALL
}
