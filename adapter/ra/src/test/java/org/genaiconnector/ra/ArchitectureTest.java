package org.genaiconnector.ra;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;

/** Holds the arrows between the adapter's packages: each imports only what stands before it. */
@AnalyzeClasses(packages = "org.genaiconnector", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String RA = "org.genaiconnector.ra";
    private static final int LARGEST_CYCLE = 6;

    @ArchTest
    static final ArchRule utilKnowsNoOtherPackage = onlyUses("util", List.of());

    @ArchTest
    static final ArchRule messagesKnowNoOtherPackage = onlyUses("messages", List.of());

    @ArchTest
    static final ArchRule telemetryKnowsNoOtherPackage = onlyUses("telemetry", List.of());

    /** They are loaded only where OpenTelemetry is there. */
    @ArchTest
    static final ArchRule twoClassesKnowOpenTelemetry = noClasses()
            .that()
            .resideInAPackage(RA + "..")
            .and()
            .haveNameNotMatching(RA.replace(".", "\\.") + "\\.telemetry\\.Open(TelemetryBridge|Span)(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.opentelemetry..");

    @ArchTest
    static final ArchRule jsonKnowsNoOtherPackage = onlyUses("json", List.of());

    @ArchTest
    static final ArchRule httpKnowsNoConnectorsAndNoBackends = onlyUses("http", List.of("json"));

    @ArchTest
    static final ArchRule connectionKnowsNoBackend = onlyUses("connection", List.of("json", "http", "statistics"));

    @ArchTest
    static final ArchRule statisticsKnowsNoConnectorsAndNoBackends = onlyUses("statistics", List.of("http"));

    @ArchTest
    static final ArchRule statisticsKnowsTheApiOfNoBackend = noClasses()
            .that()
            .resideInAPackage(RA + ".statistics..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.genaiconnector.comfyui..", "org.genaiconnector.llm..");

    @ArchTest
    static final ArchRule comfyUiDoesNotKnowLlm =
            onlyUses("comfyui", List.of("json", "http", "connection", "statistics", "database"));

    @ArchTest
    static final ArchRule comfyUiWireKnowsHttpAndJsonOnly = onlyUses("comfyui.wire", List.of("json", "http"));

    @ArchTest
    static final ArchRule comfyUiCloudKnowsNeitherJobsNorTheFactory =
            onlyUses("comfyui.cloud", List.of("json", "http", "comfyui.wire", "comfyui.files"));

    @ArchTest
    static final ArchRule comfyUiJobsDoNotKnowTheFactory =
            onlyUses("comfyui.jobs", List.of("json", "http", "connection", "statistics", "comfyui.wire"));

    @ArchTest
    static final ArchRule comfyUiFleetDoesNotKnowTheFactory =
            onlyUses("comfyui.fleet", List.of("json", "statistics", "comfyui.wire", "comfyui.jobs"));

    @ArchTest
    static final ArchRule databaseKnowsNoBackend = onlyUses("database", List.of("connection"));

    @ArchTest
    static final ArchRule comfyUiStoreKnowsTheDatabaseOnly = onlyUses("comfyui.store", List.of("json", "database"));

    @ArchTest
    static final ArchRule comfyUiDurableDoesNotKnowTheFactory = onlyUses(
            "comfyui.durable",
            List.of(
                    "json",
                    "http",
                    "connection",
                    "statistics",
                    "database",
                    "comfyui.wire",
                    "comfyui.jobs",
                    "comfyui.workflow",
                    "comfyui.store"));

    @ArchTest
    static final ArchRule onlyStoresKnowTheDatabase = noClasses()
            .that()
            .resideInAPackage(RA + "..")
            .and()
            .resideOutsideOfPackages(RA + ".database..", RA + ".comfyui.store..", RA + ".llm.store..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.sql..");

    /** An application server's clock may be wrong. */
    @ArchTest
    static final ArchRule storesReadNoClockButTheDatabases = noClasses()
            .that()
            .resideInAnyPackage(
                    RA + ".database..",
                    RA + ".comfyui.store..",
                    RA + ".comfyui.durable..",
                    RA + ".inflow..",
                    RA + ".llm.store..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(java.time.Clock.class);

    @ArchTest
    static final ArchRule comfyUiWorkflowDoesNotKnowTheFactory =
            onlyUses("comfyui.workflow", List.of("json", "comfyui.wire"));

    @ArchTest
    static final ArchRule comfyUiFilesDoNotKnowTheFactory =
            onlyUses("comfyui.files", List.of("json", "http", "connection", "comfyui.wire"));

    @ArchTest
    static final ArchRule llmDoesNotKnowComfyUi =
            onlyUses("llm", List.of("json", "http", "connection", "statistics", "database"));

    @ArchTest
    static final ArchRule llmLimitsAreArithmetic = onlyUses("llm.limits", List.of());

    @ArchTest
    static final ArchRule llmStoreDoesNotKnowTheFactory =
            onlyUses("llm.store", List.of("connection", "database", "llm.limits"));

    @ArchTest
    static final ArchRule llmTargetsDoNotKnowTheFactory = onlyUses("llm.targets", List.of("json", "llm.limits"));

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("org.genaiconnector.ra.(*)..").should().beFreeOfCycles();

    @ArchTest
    static void noClassCycleIsLarge(JavaClasses all) {
        List<Set<String>> large = ClassCycles.in(all, RA).stream()
                .filter(cycle -> cycle.size() > LARGEST_CYCLE)
                .toList();
        assertThat(large)
                .as("cycles of more than " + LARGEST_CYCLE + " classes")
                .isEmpty();
    }

    /** Classes of ours that a class extends, directly or not, itself included. */
    private static final int DEEPEST_INHERITANCE = 4;

    @ArchTest
    static void inheritanceIsNotDeep(JavaClasses all) {
        assertThat(all)
                .filteredOn(each -> 1
                                + each.getAllRawSuperclasses().stream()
                                        .filter(JavaClass.Predicates.resideInAPackage("org.genaiconnector.."))
                                        .count()
                        > DEEPEST_INHERITANCE)
                .isEmpty();
    }

    @ArchTest
    static final ArchRule httpKnowsNothingOfConnectors = noClasses()
            .that()
            .resideInAPackage(RA + ".http..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.resource.spi..");

    @ArchTest
    static final ArchRule oneClassKnowsJaxRs = noClasses()
            .that()
            .resideInAPackage(RA + "..")
            .and()
            .haveNameNotMatching(RA.replace(".", "\\.") + "\\.http\\.JerseyExchange(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.ws.rs..", "org.glassfish.jersey..");

    @ArchTest
    static final ArchRule onlyHttpKnowsJerseyAndHttpClient = noClasses()
            .that()
            .resideOutsideOfPackages(RA + ".http..", "org.genaiconnector.testkit..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.ws.rs..", "org.glassfish.jersey..", "org.apache.hc..");

    @ArchTest
    static final ArchRule theApiKnowsNothingButJsonAndConnectors = classes()
            .that()
            .resideInAnyPackage("org.genaiconnector", "org.genaiconnector.comfyui", "org.genaiconnector.llm")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "javax.naming..",
                    "jakarta.resource..",
                    "jakarta.json..",
                    "org.genaiconnector",
                    "org.genaiconnector.comfyui",
                    "org.genaiconnector.llm");

    private static ArchRule onlyUses(String name, List<String> allowed) {
        return noClasses()
                .that()
                .resideInAPackage(RA + "." + name + "..")
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideInAPackage(RA + "..")
                        .and(JavaClass.Predicates.resideOutsideOfPackages(java.util.stream.Stream.concat(
                                        allowed.stream(),
                                        java.util.stream.Stream.of(name, "messages", "telemetry", "util"))
                                .map(each -> RA + "." + each + "..")
                                .toArray(String[]::new))));
    }
}
