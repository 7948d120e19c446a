package org.genaiconnector.ra.comfyui;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.TestContainer;
import org.genaiconnector.ra.comfyui.jobs.JobTrackers;
import org.genaiconnector.ra.comfyui.jobs.JobUpdate;
import org.genaiconnector.ra.comfyui.jobs.RecordingObserver;
import org.genaiconnector.ra.connection.TestPool;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.comfyui.RanPrompt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With {@code -Dslow=true} 1,000 jobs, else 60. */
@DisplayName("Jobs of three ComfyUI that are killed and restarted at random")
@Timeout(600)
class FleetKillIT {
    private static final int JOBS = Boolean.getBoolean("slow") ? 1_000 : 60;
    private static final Pattern TAG = Pattern.compile("\"tag\":\"([^\"]+)\"");
    private static final Duration LONG = Duration.ofSeconds(120 + JOBS / 4);

    /** After a kill all jobs of that ComfyUI are sent again, which takes its time, too. */
    private static final int BETWEEN_KILLS_MILLIS = 1_000 + 6 * JOBS;

    private final GenAiResourceAdapter adapter = new GenAiResourceAdapter();
    private final ComfyUiManagedConnectionFactory managed = new ComfyUiManagedConnectionFactory();
    private final List<ComfyUiSimulator> servers = new ArrayList<>();
    private final RecordingObserver heard = RecordingObserver.everything();

    /** Ids by tag of the jobs that were accepted. */
    private final Map<String, String> jobs = new HashMap<>();

    /** Prompts that had ended when their backend was killed, and of which nobody had heard yet. */
    private final Set<String> unheard = ConcurrentHashMap.newKeySet();

    private ComfyUiConnectionFactory factory;
    private UploadedFile upload;

    @AfterEach
    void stop() {
        adapter.stop();
        servers.forEach(ComfyUiSimulator::close);
    }

    private void start() {
        for (int i = 0; i < 3; i++) {
            servers.add(
                    ComfyUiSimulator.builder().nodeDelay(Duration.ofMillis(25)).start());
        }
        adapter.start(new TestContainer());
        JobTrackers.of(adapter).subscribe(heard);
        managed.setResourceAdapter(adapter);
        managed.setServerUrl(
                servers.stream().map(server -> server.uri().toString()).collect(Collectors.joining(",")));
        managed.setFailoverMillis(1_500);
        managed.setMaxRetries(0);
        managed.setMaxAttempts(1_000); // here jobs are not to blame
        factory = (ComfyUiConnectionFactory) managed.createConnectionFactory(new TestPool(20));
    }

    @Test
    @DisplayName("each has one end, none is run to its end twice, and uploads are found")
    void haveOneEnd() throws Exception {
        start();
        upload = upload();
        long seed = System.nanoTime();
        Thread killer = new Thread(() -> kill(new Random(seed)), "killer");
        killer.start();
        int refused = 0;
        for (int i = 0; i < JOBS; i++) {
            while (!queue(i, "job-" + i + "-" + refused)) {
                refused++;
            }
        }
        Awaitility.await("seed " + seed).atMost(LONG).until(() -> endedTags().containsAll(jobs.keySet()));
        killer.interrupt();
        killer.join();

        List<JobUpdate> ends = heard.endNews();
        assertThat(ends)
                .filteredOn(end -> jobs.containsKey(end.tag().orElseThrow()))
                .as("seed " + seed)
                .allMatch(end -> end.status().state() == JobState.COMPLETED
                        && jobs.get(end.tag().orElseThrow()).equals(end.status().id()));
        Map<String, Long> endsByTag =
                ends.stream().collect(Collectors.groupingBy(end -> end.tag().orElseThrow(), Collectors.counting()));
        assertThat(endsByTag).as("seed " + seed).containsKeys(jobs.keySet().toArray(String[]::new));
        assertThat(endsByTag.values()).as("seed " + seed).containsOnly(1L);
        Map<String, List<String>> runs = servers.stream()
                .flatMap(server -> server.completed().stream())
                .filter(prompt -> !unheard.contains(prompt.id()))
                .collect(Collectors.groupingBy(
                        FleetKillIT::tag, Collectors.mapping(RanPrompt::id, Collectors.toList())));
        assertThat(runs.entrySet())
                .as("seed " + seed)
                .allMatch(run -> run.getValue().size() == 1);
        System.out.printf(
                "%d jobs, %d ends, %d attempts to queue in vain, %d runs that nobody heard of%n",
                jobs.size(), ends.size(), refused, unheard.size());
    }

    private Set<String> endedTags() {
        return heard.endNews().stream().map(end -> end.tag().orElseThrow()).collect(Collectors.toSet());
    }

    private static String tag(RanPrompt prompt) {
        Matcher tag = TAG.matcher(prompt.extraData());
        assertThat(tag.find()).as(prompt.extraData()).isTrue();
        return tag.group(1);
    }

    private UploadedFile upload() throws Exception {
        try (ComfyUiConnection connection = factory.getConnection()) {
            String id = connection
                    .queuePrompt(Submission.of(picture(0)).withTag("source"))
                    .id();
            try (Download picture =
                    factory.download(factory.awaitJob(id, LONG).files().get(0))) {
                return connection.uploadImage(
                        Upload.of("source.png", picture.content().readAllBytes()));
            }
        }
    }

    private static Workflow picture(int color) throws GenAiException {
        return SavedPictures.ofColor(color, "p" + color);
    }

    private Workflow copy(int number) throws GenAiException {
        return SavedPictures.copyOf(upload.reference(), "c" + number);
    }

    /** False if it may not have been queued, as when the backend dies while it is told. */
    private boolean queue(int number, String tag) throws Exception {
        Submission submission =
                Submission.of(number % 5 == 0 ? copy(number) : picture(number)).withTag(tag);
        try (ComfyUiConnection connection = factory.getConnection()) {
            jobs.put(tag, connection.queuePrompt(submission).id());
            return true;
        } catch (GenAiException e) {
            TimeUnit.MILLISECONDS.sleep(20); // before the user tries again
            return false;
        }
    }

    /** Kills one after the other, sometimes for so long that its jobs go elsewhere meanwhile. */
    private void kill(Random random) {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(BETWEEN_KILLS_MILLIS));
                ComfyUiSimulator server = servers.get(random.nextInt(3));
                server.kill();
                Set<String> ended = endedTags();
                server.completed().stream()
                        .filter(prompt -> !ended.contains(tag(prompt)))
                        .forEach(prompt -> unheard.add(prompt.id()));
                TimeUnit.MILLISECONDS.sleep(random.nextInt(random.nextInt(4) == 0 ? 3_000 : 300));
                server.restart();
            }
        } catch (InterruptedException e) {
            servers.forEach(ComfyUiSimulator::restart); // done
        }
    }
}
