package org.genaiconnector.ivt;

/** What a check has come to. */
enum Result {
    OK,
    FAILED,
    SKIPPED;

    /** As shown to administrators. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
