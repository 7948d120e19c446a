package org.genaiconnector.tests.inflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.servers.Jvm;
import org.genaiconnector.servers.MicroServer;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.tests.Eventually;
import org.genaiconnector.tests.inflow.ReportReceiver.Report;
import org.genaiconnector.tests.inflow.bean.EndsBean;
import org.genaiconnector.tests.inflow.submitter.SubmitterServlet;
import org.genaiconnector.tests.payara.ServerLog;
import org.genaiconnector.tests.payara.testapp.Administration;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events of jobs are delivered to message-driven beans in a Payara Micro. */
class InflowIT {
    private static final Path ARCHIVES = Path.of(System.getProperty("archives"));
    private static final Path DIRECTORY = Path.of("target", "inflow").toAbsolutePath();
    private static final Path BEANS = DIRECTORY.resolve("beans.war");
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String PICTURE = """
            {"1":{"class_type":"EmptyImage","inputs":{"width":8,"height":8,"batch_size":1,"color":%d}},\
            "2":{"class_type":"PreviewImage","inputs":{"images":["1",0]}}}""";
    private static final String OUT_OF_MEMORY = """
            {"1":{"class_type":"LabOom","inputs":{"seed":1}},\
            "2":{"class_type":"PreviewImage","inputs":{"images":["1",0]}}}""";
    private static final String SLOW = """
            {"1":{"class_type":"LabSteps","inputs":{"steps":100,"seconds":%s,"color":%d}},\
            "2":{"class_type":"PreviewImage","inputs":{"images":["1",0]}}}""";

    private static ComfyUiSimulator comfyUi;
    private static ReportReceiver receiver;
    private static MicroServer server;
    private static int colour;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        comfyUi = ComfyUiSimulator.builder().labNodes().start();
        receiver = new ReportReceiver();
        Files.createDirectories(DIRECTORY);
        war("beans", EndsBean.class).as(ZipExporter.class).exportTo(BEANS.toFile(), true);
        war("submitter", SubmitterServlet.class)
                .addClass(Administration.class)
                .as(ZipExporter.class)
                .exportTo(DIRECTORY.resolve("submitter.war").toFile(), true);
        server = MicroServer.start(
                ARCHIVES.resolve("payara-micro.jar"),
                DIRECTORY,
                Jvm.current(
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dinflow.reports=" + receiver.uri(),
                        "-Djava.util.logging.config.file=" + ServerLog.plainLogging(DIRECTORY)),
                List.of(
                        "create-resource-adapter-config --property=jobStoreCreateTables=true genai-connector",
                        "deploy --name=genai-connector " + ARCHIVES.resolve("genai-connector.rar"),
                        "create-connector-connection-pool --raname=genai-connector --connectiondefinition="
                                + ComfyUiConnectionFactory.class.getName()
                                + " --steadypoolsize=0 --property=probeOnCreate=false:serverUrl="
                                + comfyUi.uri().toString().replace(":", "\\:") + " comfyui",
                        "create-connector-resource --poolname=comfyui inflow/comfyui",
                        "create-connector-connection-pool --raname=genai-connector --connectiondefinition="
                                + ComfyUiConnectionFactory.class.getName()
                                + " --steadypoolsize=0 --transactionsupport=NoTransaction --property=jobStore=jdbc/__default"
                                + ":serverUrl=" + comfyUi.uri().toString().replace(":", "\\:") + " stored",
                        "create-connector-resource --poolname=stored inflow/stored",
                        "deploy --name=submitter " + DIRECTORY.resolve("submitter.war"),
                        "deploy --name=beans " + BEANS),
                "/submitter/ready");
    }

    private static WebArchive war(String name, Class<?> member) {
        return ShrinkWrap.create(WebArchive.class, name + ".war").addPackage(member.getPackage());
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
        comfyUi.close();
        receiver.close();
        judge(ServerLog.of(DIRECTORY.resolve("server.log")));
    }

    /**
     * Payara logs what beans throw and commits that fail, among them those of beans that are busy while they are
     * undeployed. The adapter logs once that it gave up an end.
     */
    private static void judge(ServerLog log) {
        List<ServerLog.Entry> troubles = log.troubles().stream()
                .filter(entry ->
                        entry.logger().startsWith("org.genaiconnector.ra.inflow") || isUnexplained(entry.text()))
                .toList();
        assertThat(troubles)
                .extracting(ServerLog.Entry::text)
                .singleElement()
                .asString()
                .contains("GENAI-1402 ", "EndsBean", ":end", "delivery 3, the last one");
    }

    private static boolean isUnexplained(String text) {
        return Stream.of(
                        "The bean was asked to throw",
                        "MDB00037", // the head of the entry with the exception
                        "rejected the workflow",
                        "GENAI-1303 .*Connection (refused|reset)", // while ComfyUI is restarted
                        "containerId: \\d+ is undeployed",
                        "RAR7004 ", // of a worker that asks while Payara undeploys, before the adapter knows of it
                        "RollbackException: Transaction marked for rollback")
                .noneMatch(known -> Pattern.compile(known).matcher(text).find());
    }

    @BeforeEach
    void reactWell() {
        receiver.react(report -> "fine");
    }

    @Test
    void everyKindOfEndIsDelivered() throws Exception {
        String completed = queue(picture());
        awaitEnd(completed, "completed");
        awaitEnd(queue(OUT_OF_MEMORY), "failed");
        String running = queue(slow(60));
        String waiting = queue(picture());
        String forgotten = queue(picture());
        ask("cancel?job=" + waiting);
        awaitEnd(waiting, "cancelled");
        comfyUi.forget(forgotten);
        awaitEnd(forgotten, "lost");
        ask("cancel?job=" + running);
        awaitEnd(running, "cancelled");
        awaitEnd(ask("reject?workflow=" + encoded(PICTURE.formatted(-1))), "rejected");
        assertThat(receiver.reports("ends", completed)).containsExactly(end("completed", completed, 1));
    }

    @Test
    void aRollbackLeadsToARedelivery() throws Exception {
        reactToTheFirst("rollback");

        awaitRedelivery(queue(picture()));
    }

    @Test
    void anExceptionLeadsToARedelivery() throws Exception {
        reactToTheFirst("throw");

        awaitRedelivery(queue(picture()));
    }

    @Test
    void anErrorLeadsToARedelivery() throws Exception {
        reactToTheFirst("error");

        awaitRedelivery(queue(picture()));
    }

    @Test
    void anEndIsGivenUpAfterTheConfiguredAttempts() throws Exception {
        receiver.react(report -> "throw");

        String job = queue(picture());

        Eventually.isTrue(SOON, () -> receiver.reports("ends", job).size() == 3);
        Eventually.isTrue(
                SOON,
                () -> ServerLog.of(DIRECTORY.resolve("server.log")).entries().stream()
                        .anyMatch(entry -> entry.text().contains("the last one")));
        assertThat(receiver.reports("ends", job)).hasSize(3);
    }

    @Test
    void progressAndPreviewsAreDeliveredToTheBeanThatSelectsThem() throws Exception {
        String watched = queue(slow(1), "watched");
        String other = queue(picture(), "unwatched");

        awaitEnd(watched, "completed");
        awaitEnd(other, "completed");
        Set<String> methods = receiver.reports("progressBean", watched).stream()
                .map(Report::method)
                .collect(Collectors.toSet());
        assertThat(methods).containsExactlyInAnyOrder("progress", "preview");
        assertThat(receiver.reports("progressBean", other)).isEmpty();
        assertThat(receiver.reports("progressBean", watched).stream()
                        .filter(report -> report.method().equals("progress"))
                        .map(Report::event))
                .doesNotHaveDuplicates();
    }

    @Test
    void endsOfTheTimeWithoutTheApplicationAreDeliveredOnceItIsBack() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        receiver.react(report -> {
            awaitUninterruptibly(gate);
            return "fine";
        });
        int before = receiver.reports().size();
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            jobs.add(queue(picture()));
        }
        Eventually.isTrue(SOON, () -> receiver.reports().size() == before + 5);
        gate.countDown();

        run("undeploy", "beans");
        for (int i = 0; i < 20; i++) {
            jobs.add(queue(picture()));
        }
        run("deploy", "--name=beans", BEANS.toString());

        for (String job : jobs.subList(20, 40)) {
            awaitEnd(job, "completed");
            assertThat(receiver.reports("ends", job)).containsExactly(end("completed", job, 1));
        }
        for (String job : jobs.subList(0, 20)) {
            Eventually.isTrue(SOON, () -> !receiver.reports("ends", job).isEmpty());
            List<Integer> deliveries =
                    receiver.reports("ends", job).stream().map(Report::delivery).toList();
            // Payara rolls back what is under way while it undeploys; the bean may be gone before it can report
            assertThat(deliveries).isIn(List.of(1), List.of(1, 2), List.of(2));
        }
    }

    @Test
    void everyJobOfAComfyUiThatIsKilledAndRestartedHasOneEnd() throws Exception {
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            jobs.add(queue(picture()));
        }
        String running = queue(slow(60));
        jobs.add(running);
        for (int i = 0; i < 20; i++) {
            jobs.add(queue(picture()));
        }
        awaitEnd(jobs.get(39), "completed");

        comfyUi.restart();

        awaitEnd(running, "lost");
        for (String job : jobs) {
            Eventually.isTrue(SOON, () -> !receiver.reports("ends", job).isEmpty());
        }
        assertThat(receiver.reports().stream().filter(report -> jobs.contains(report.job())))
                .hasSameSizeAs(jobs)
                .allMatch(report -> report.delivery() == 1);
    }

    @Test
    void aStoredEndHasOneRowAfterARollback() throws Exception {
        receiver.react(report -> isStored(report) && report.delivery() == 1 ? "rollback" : "fine");
        String rolledBack = store();
        awaitRow(rolledBack, 2);

        receiver.react(report -> isStored(report) && report.delivery() == 1 ? "throw" : "fine");
        String thrown = store();
        awaitRow(thrown, 2);
        assertThat(receiver.reports("stored", thrown)).hasSize(2);
    }

    @Test
    void storedEndsOfTheTimeWithoutTheApplicationAreDeliveredOnceItIsBack() throws Exception {
        awaitRow(store(), 1);
        run("undeploy", "beans");
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            jobs.add(store());
        }
        for (String job : jobs) {
            Eventually.isTrue(SOON, () -> ask("state?job=" + job).equals("COMPLETED"));
        }

        run("deploy", "--name=beans", BEANS.toString());

        for (String job : jobs) {
            awaitRow(job, 1);
        }
    }

    private static boolean isStored(Report report) {
        return report.bean().equals("stored");
    }

    /** Queues a job in the job store. */
    private static String store() throws IOException, InterruptedException {
        return ask("queue?stored=true&workflow=" + encoded(picture()));
    }

    private static void awaitRow(String job, int delivery) throws Exception {
        Eventually.isTrue(SOON, () -> ask("rows?job=" + job).equals("[" + delivery + "]"));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void reactToTheFirst(String how) {
        receiver.react(report -> report.delivery() == 1 ? how : "fine");
    }

    private static void awaitRedelivery(String job) throws Exception {
        Eventually.isTrue(SOON, () -> receiver.reports("ends", job).size() == 2);
        assertThat(receiver.reports("ends", job)).containsExactly(end("completed", job, 1), end("completed", job, 2));
    }

    private static void awaitEnd(String job, String method) throws Exception {
        Eventually.isTrue(SOON, () -> receiver.reports("ends", job).contains(end(method, job, 1)));
    }

    private static Report end(String method, String job, int delivery) {
        return new Report("ends", method, job, job + ":end", delivery);
    }

    /** A workflow that ComfyUI has not run before; otherwise it takes the picture from its cache. */
    private static String picture() {
        return PICTURE.formatted(++colour);
    }

    private static String slow(int seconds) {
        return SLOW.formatted(seconds + ".0", ++colour);
    }

    private static String queue(String workflow) throws IOException, InterruptedException {
        return ask("queue?workflow=" + encoded(workflow));
    }

    private static String queue(String workflow, String tag) throws IOException, InterruptedException {
        return ask("queue?tag=" + tag + "&workflow=" + encoded(workflow));
    }

    private static void run(String command, String... arguments) throws IOException, InterruptedException {
        StringBuilder query = new StringBuilder("run?command=" + command);
        for (String argument : arguments) {
            query.append("&argument=").append(encoded(argument));
        }
        assertThat(ask(query.toString())).startsWith("SUCCESS");
    }

    private static String ask(String what) throws IOException, InterruptedException {
        return server.get("/submitter/" + what);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
