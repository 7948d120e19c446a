package org.genaiconnector.ra.comfyui.jobs;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.net.URI;
import org.genaiconnector.ra.comfyui.wire.FoundJob;
import org.genaiconnector.ra.comfyui.wire.JobMarker;
import org.genaiconnector.ra.comfyui.wire.JobSignal;
import org.genaiconnector.ra.comfyui.wire.WorkflowShape;
import org.genaiconnector.ra.http.FailureTrait;

/** Holds what the ledger is: state behind a lock, used by poller and WebSocket, and knowing neither them nor a thread nor I/O. */
@AnalyzeClasses(packages = "org.genaiconnector.ra.comfyui", importOptions = ImportOption.DoNotIncludeTests.class)
class LedgerArchitectureTest {
    private static final Class<?>[] LEDGER = {
        JobLedger.class,
        LedgerLock.class,
        LedgerListener.class,
        LedgerQuestions.class,
        LedgerAttendance.class,
        FollowedJobs.class,
        JobEntry.class,
        JobKeeper.class,
        JobOrigin.class,
        JobUpdate.class,
        JobWatch.class,
        NextQuestion.class,
        NodeProgress.class,
        NotFoundTimer.class,
        PollSchedule.class,
        RunTimeEstimates.class,
        SignalledEnd.class,
        TrackingTimes.class,
        WorkerWatch.class,
        Footprint.class
    };

    /** What a backend says, as values; not what asks it. */
    private static final Class<?>[] VALUES = {
        URI.class,
        FoundJob.class,
        JobMarker.class,
        JobSignal.class,
        WorkflowShape.class,
        FailureTrait.class,
        Submitter.class
    };

    @ArchTest
    static final ArchRule theLedgerKnowsValuesOnly = classes()
            .that(belongToAnyOf(LEDGER))
            .should()
            .onlyDependOnClassesThat(belongToAnyOf(LEDGER)
                    .or(belongToAnyOf(VALUES))
                    .or(describe("arrays", JavaClass::isArray))
                    .or(resideInAnyPackage(
                            "java.lang",
                            "java.lang.invoke",
                            "java.lang.runtime",
                            "java.util..",
                            "java.time..",
                            "org.genaiconnector",
                            "org.genaiconnector.comfyui",
                            "org.genaiconnector.ra.statistics",
                            "org.genaiconnector.ra.util")));

    @ArchTest
    static final ArchRule theLedgerHasNoThreadAndNoClockOfItsOwn = noClasses()
            .that(belongToAnyOf(LEDGER))
            .should()
            .dependOnClassesThat(
                    belongToAnyOf(Thread.class, java.util.concurrent.Executor.class, java.util.Timer.class))
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule pollerAndSocketReachJobsThroughTheLedgerOnly = noClasses()
            .that(belongToAnyOf(JobPoller.class, JobQueries.class, EventSocket.class))
            .should()
            .dependOnClassesThat(belongToAnyOf(
                    JobTracker.class, JobTrackers.class, KnownJobs.class, FollowedJobs.class, EventDispatcher.class));
}
