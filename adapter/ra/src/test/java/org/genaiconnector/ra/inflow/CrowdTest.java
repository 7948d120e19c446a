package org.genaiconnector.ra.inflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.genaiconnector.ra.connection.Bench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many jobs, and beans that are slow or broken. */
class CrowdTest {
    private static final int JOBS = 500;

    private final Bed bed = new Bed();
    private final LogBook log = LogBook.of(Activation.class);

    @AfterEach
    void close() throws InterruptedException {
        log.close();
        bed.close();
    }

    @Test
    void ofFiveHundredJobsEachEndIsTakenExactlyOnceWhateverTheBeanDoes() throws Exception {
        Set<String> accepted = Collections.synchronizedSet(new HashSet<>());
        List<String> twice = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch two = new CountDownLatch(2);
        bed.bean.behave(call -> {
            meet(two);
            int number = Integer.parseInt(call.jobId());
            boolean fails = call.method().equals("onCompleted") && call.event().delivery() <= number % 3;
            if (fails && number % 2 == 0) {
                throw new IllegalStateException("delivery " + call.event().delivery());
            }
            if (fails) {
                bed.transactions.setRollbackOnly();
            } else if (call.method().equals("onCompleted") && !accepted.add(call.jobId())) {
                twice.add(call.jobId());
            }
        });
        bed.with(spec -> spec.setEvents("ENDS,PROGRESS")).with(spec -> spec.setProgressMillis(0));
        bed.listen();

        Random random = new Random(42);
        List<Integer> jobs = new ArrayList<>(IntStream.range(0, JOBS).boxed().toList());
        Collections.shuffle(jobs, random);
        for (int job : jobs) {
            bed.progress(String.valueOf(job), 1 + random.nextInt(100));
            bed.progress(String.valueOf(jobs.get(random.nextInt(JOBS))), 50);
            bed.end(String.valueOf(job));
        }

        Bed.eventually(() -> accepted.size() == JOBS);
        assertThat(twice).isEmpty();
        assertThat(bed.bean.overlaps()).isZero();
        assertThat(bed.bean.mostAtOnce()).isBetween(2, 5);
        for (int job = 0; job < JOBS; job++) {
            List<TestBean.Call> calls = bed.bean.calls(String.valueOf(job));
            List<Integer> ends = calls.stream()
                    .filter(call -> call.method().equals("onCompleted"))
                    .map(call -> call.event().delivery())
                    .toList();
            assertThat(ends)
                    .isEqualTo(IntStream.rangeClosed(1, 1 + job % 3).boxed().toList());
            assertThat(calls.get(calls.size() - 1).method()).isEqualTo("onCompleted");
        }
        assertThat(log.records()).isEmpty();
        Bed.eventually(() -> bed.container.running() == 1);
    }

    /** Waits for the other, the first time; both are calls of the bean about different jobs. */
    private static void meet(CountDownLatch two) {
        two.countDown();
        try {
            if (!two.await(Bench.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The bean hears of one job at a time only");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aBeanThatIsSlowWithSomeJobsHearsOfTheOthers() throws Exception {
        bed.listen();
        bed.bean.hold("slow 1", "slow 2", "slow 3", "slow 4");
        for (int i = 1; i <= 4; i++) {
            bed.end("slow " + i);
        }
        Bed.eventually(() -> bed.bean.calls().size() == 4);

        for (int i = 0; i < JOBS; i++) {
            bed.end("job " + i);
        }

        Bed.eventually(() -> bed.bean.calls().size() == 4 + JOBS);
    }

    @Test
    void tellingNeverWaitsForABeanAndKeepsNoMoreThanOneNoticeOfAJob() throws Exception {
        bed.with(spec -> spec.setEvents("ENDS,PROGRESS,PREVIEW"));
        Activation activation = bed.activation();
        activation.start();
        Bed.eventually(() -> bed.container.waiting() == 1);
        bed.bean.hold("0", "1", "2", "3", "4");
        for (int i = 0; i < 5; i++) {
            bed.end(String.valueOf(i));
        }
        Bed.eventually(() -> bed.bean.calls().size() == 5);

        for (int round = 0; round < 100; round++) {
            for (int i = 5; i < 100; i++) {
                bed.progress(String.valueOf(i), round);
                activation.onPreview(Bed.preview(String.valueOf(i), round));
            }
        }
        for (int i = 5; i < 100; i++) {
            bed.end(String.valueOf(i));
        }

        assertThat(bed.bean.calls()).hasSize(5);
        assertThat(activation.jobs()).isEqualTo(100);
        bed.bean.letGo();
        Bed.eventually(() -> activation.jobs() == 0);
        assertThat(bed.bean.calls()).hasSize(100);
        activation.stop();
    }

    @Test
    void aJobThatAlwaysFailsDoesNotHoldUpTheOthers() throws Exception {
        bed.bean.behave(call -> {
            if (call.jobId().startsWith("bad")) {
                throw new IllegalStateException("always");
            }
        });
        bed.with(spec -> spec.setRedeliveryAttempts(20)).listen();
        for (int i = 0; i < 20; i++) {
            bed.end("bad " + i);
        }

        for (int i = 0; i < JOBS; i++) {
            bed.end("job " + i);
        }

        Bed.eventually(() -> log.records().size() == 20);
        for (int i = 0; i < 20; i++) {
            assertThat(bed.bean.calls("bad " + i)).hasSize(21);
        }
        Bed.eventually(() -> bed.bean.calls().size() == 20 * 21 + JOBS);
    }

    @Test
    void aJobThatIsForgottenLeavesNothingBehind() throws Exception {
        bed.with(spec -> spec.setEvents("PROGRESS")).with(spec -> spec.setProgressMillis(1));
        Activation activation = bed.activation();
        activation.start();
        Bed.eventually(() -> bed.container.waiting() == 1);

        for (int i = 0; i < 50; i++) {
            bed.progress("job " + i, 1);
        }

        Bed.eventually(() -> bed.bean.calls().size() == 50 && activation.jobs() == 0);
        activation.stop();
    }

    @Test
    void redeliveriesComeLaterAndLater() {
        DeliveryPolicy policy = new DeliveryPolicy(Duration.ZERO, 3, Duration.ofSeconds(1), 1);

        assertThat(IntStream.rangeClosed(1, 4).mapToObj(policy::delayAfter).map(Duration::toSeconds))
                .containsExactly(1L, 2L, 4L, 8L);
        assertThat(policy.delayAfter(1_000)).isEqualTo(Duration.ofMinutes(5));
        assertThat(new DeliveryPolicy(Duration.ZERO, 3, Duration.ofHours(1), 1).delayAfter(9))
                .isEqualTo(Duration.ofHours(1));
        assertThat(IntStream.rangeClosed(1, 5).mapToObj(policy::permitsAnother))
                .containsExactly(true, true, true, false, false);
    }
}
