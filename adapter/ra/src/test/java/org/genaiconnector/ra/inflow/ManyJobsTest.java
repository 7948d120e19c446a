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
import org.genaiconnector.ra.connection.TestConnections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Events of many jobs, and beans that are slow or fail. */
class ManyJobsTest {
    private static final int JOBS = 500;

    private final TestInflow inflow = new TestInflow();
    private final CapturedLog log = CapturedLog.of(EventDelivery.class);

    @AfterEach
    void close() throws InterruptedException {
        log.close();
        inflow.close();
    }

    @Test
    void deliversEachOfFiveHundredEndsExactlyOnceToAFailingBean() throws Exception {
        Set<String> accepted = Collections.synchronizedSet(new HashSet<>());
        List<String> twice = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch two = new CountDownLatch(2);
        inflow.bean.behave(call -> {
            meet(two);
            int number = Integer.parseInt(call.jobId());
            boolean fails = call.method().equals("onCompleted") && call.event().delivery() <= number % 3;
            if (fails && number % 2 == 0) {
                throw new IllegalStateException("delivery " + call.event().delivery());
            }
            if (fails) {
                inflow.transactions.setRollbackOnly();
            } else if (call.method().equals("onCompleted") && !accepted.add(call.jobId())) {
                twice.add(call.jobId());
            }
        });
        inflow.with(spec -> spec.setEvents("ENDS,PROGRESS")).with(spec -> spec.setProgressMillis(0));
        inflow.listen();

        Random random = new Random(42);
        List<Integer> jobs = new ArrayList<>(IntStream.range(0, JOBS).boxed().toList());
        Collections.shuffle(jobs, random);
        for (int job : jobs) {
            inflow.progress(String.valueOf(job), 1 + random.nextInt(100));
            inflow.progress(String.valueOf(jobs.get(random.nextInt(JOBS))), 50);
            inflow.end(String.valueOf(job));
        }

        TestInflow.eventually(() -> accepted.size() == JOBS);
        assertThat(twice).isEmpty();
        assertThat(inflow.bean.overlaps()).isZero();
        assertThat(inflow.bean.mostAtOnce()).isBetween(2, 5);
        for (int job = 0; job < JOBS; job++) {
            List<TestBean.Call> calls = inflow.bean.calls(String.valueOf(job));
            List<Integer> ends = calls.stream()
                    .filter(call -> call.method().equals("onCompleted"))
                    .map(call -> call.event().delivery())
                    .toList();
            assertThat(ends)
                    .isEqualTo(IntStream.rangeClosed(1, 1 + job % 3).boxed().toList());
            assertThat(calls.get(calls.size() - 1).method()).isEqualTo("onCompleted");
        }
        assertThat(log.records()).isEmpty();
        TestInflow.eventually(() -> inflow.container.running() == 1);
    }

    /** Waits for the other, the first time; both are calls of the bean about different jobs. */
    private static void meet(CountDownLatch two) {
        two.countDown();
        try {
            if (!two.await(TestConnections.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The bean receives events of one job at a time only");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aBeanThatIsSlowWithSomeJobsReceivesTheOthers() throws Exception {
        inflow.listen();
        inflow.bean.hold("slow 1", "slow 2", "slow 3", "slow 4");
        for (int i = 1; i <= 4; i++) {
            inflow.end("slow " + i);
        }
        TestInflow.eventually(() -> inflow.bean.calls().size() == 4);

        for (int i = 0; i < JOBS; i++) {
            inflow.end("job " + i);
        }

        TestInflow.eventually(() -> inflow.bean.calls().size() == 4 + JOBS);
    }

    @Test
    void tellingNeverWaitsForABeanAndKeepsNoMoreThanOneNoticeOfAJob() throws Exception {
        inflow.with(spec -> spec.setEvents("ENDS,PROGRESS,PREVIEW"));
        Activation activation = inflow.activation();
        activation.start();
        TestInflow.eventually(() -> inflow.container.waiting() == 1);
        inflow.bean.hold("0", "1", "2", "3", "4");
        for (int i = 0; i < 5; i++) {
            inflow.end(String.valueOf(i));
        }
        TestInflow.eventually(() -> inflow.bean.calls().size() == 5);

        for (int round = 0; round < 100; round++) {
            for (int i = 5; i < 100; i++) {
                inflow.progress(String.valueOf(i), round);
                activation.onPreview(TestInflow.preview(String.valueOf(i), round));
            }
        }
        for (int i = 5; i < 100; i++) {
            inflow.end(String.valueOf(i));
        }

        assertThat(inflow.bean.calls()).hasSize(5);
        assertThat(activation.jobs()).isEqualTo(100);
        inflow.bean.letGo();
        TestInflow.eventually(() -> activation.jobs() == 0);
        assertThat(inflow.bean.calls()).hasSize(100);
        activation.stop();
    }

    @Test
    void aJobThatAlwaysFailsDoesNotHoldUpTheOthers() throws Exception {
        inflow.bean.behave(call -> {
            if (call.jobId().startsWith("bad")) {
                throw new IllegalStateException("always");
            }
        });
        inflow.with(spec -> spec.setRedeliveryAttempts(20)).listen();
        for (int i = 0; i < 20; i++) {
            inflow.end("bad " + i);
        }

        for (int i = 0; i < JOBS; i++) {
            inflow.end("job " + i);
        }

        TestInflow.eventually(() -> log.records().size() == 20);
        for (int i = 0; i < 20; i++) {
            assertThat(inflow.bean.calls("bad " + i)).hasSize(21);
        }
        TestInflow.eventually(() -> inflow.bean.calls().size() == 20 * 21 + JOBS);
    }

    @Test
    void aJobThatIsForgottenLeavesNothingBehind() throws Exception {
        inflow.with(spec -> spec.setEvents("PROGRESS")).with(spec -> spec.setProgressMillis(1));
        Activation activation = inflow.activation();
        activation.start();
        TestInflow.eventually(() -> inflow.container.waiting() == 1);

        for (int i = 0; i < 50; i++) {
            inflow.progress("job " + i, 1);
        }

        TestInflow.eventually(() -> inflow.bean.calls().size() == 50 && activation.jobs() == 0);
        activation.stop();
    }

    @Test
    void redeliveriesComeLaterAndLater() {
        DeliveryPolicy policy = new DeliveryPolicy(Duration.ZERO, 3, Duration.ofSeconds(1), 1, false);

        assertThat(IntStream.rangeClosed(1, 4).mapToObj(policy::delayAfter).map(Duration::toSeconds))
                .containsExactly(1L, 2L, 4L, 8L);
        assertThat(policy.delayAfter(1_000)).isEqualTo(Duration.ofMinutes(5));
        assertThat(new DeliveryPolicy(Duration.ZERO, 3, Duration.ofHours(1), 1, false).delayAfter(9))
                .isEqualTo(Duration.ofHours(1));
        assertThat(IntStream.rangeClosed(1, 5).mapToObj(policy::permitsAnother))
                .containsExactly(true, true, true, false, false);
    }
}
