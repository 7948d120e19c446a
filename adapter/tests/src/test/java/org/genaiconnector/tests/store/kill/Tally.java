package org.genaiconnector.tests.store.kill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * What has become of all jobs in the end.
 *
 * @param ordered numbers of the committed jobs
 * @param jobs their ids
 * @param ran numbers of the jobs that ComfyUIs have run to their ends, once for each time
 * @param ended ids of the jobs whose ends the application has taken, once for each time
 */
record Tally(List<Integer> ordered, List<String> jobs, List<Integer> ran, List<String> ended) {

    /** Waits until there is nothing left to do, and counts. */
    static Tally of(KilledServer server, Backends backends) throws Exception {
        server.awaitAllDone();
        List<Integer> ordered = new ArrayList<>();
        List<String> jobs = new ArrayList<>();
        for (String[] row : server.rows("/orders")) {
            ordered.add(Integer.valueOf(row[0]));
            jobs.add(row[1]);
        }
        List<String> ended = new ArrayList<>();
        for (String[] row : server.rows("/ends")) {
            assertThat(row[1]).as("end of " + row[0]).isEqualTo("completed");
            ended.add(row[0]);
        }
        return new Tally(ordered, jobs, backends.ran(), ended);
    }

    /** Each job was run once, and its end was taken once. */
    void requireExactlyOnce() {
        assertThat(ordered).doesNotHaveDuplicates();
        assertThat(ran).containsExactlyInAnyOrderElementsOf(ordered);
        assertThat(ended).containsExactlyInAnyOrderElementsOf(jobs);
    }

    @Override
    public String toString() {
        return "ran %d (twice: %d), ends %d (twice: %d)".formatted(ran.size(), twice(ran), ended.size(), twice(ended));
    }

    private static int twice(List<?> all) {
        return all.size() - new HashSet<>(all).size();
    }
}
