package org.genaiconnector.ivt;

import java.util.List;

/**
 * The outcome of one check.
 *
 * @param pool JNDI name of the pool; empty for a check of none
 * @param check what was checked, such as {@code borrow}
 * @param text what was seen, or why it was skipped or failed
 * @param millis how long it took
 * @param words to search the documentation and the log for; empty unless it failed
 */
record Outcome(String pool, String check, Result result, String text, long millis, List<String> words) {

    /** Where the documentation explains failed checks. */
    static final String HELP = "docs/troubleshooting.md#the-installation-verification-test";

    Outcome {
        words = List.copyOf(words);
    }
}
