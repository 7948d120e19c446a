package org.genaiconnector.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.genaiconnector.benchmarks.server.BorrowServlet;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.servers.Jvm;
import org.genaiconnector.servers.MicroServer;
import org.genaiconnector.servers.NoopArchive;
import org.genaiconnector.servers.noop.NoopConnectionFactory;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/**
 * Measures on a Payara Micro: a borrow and its release with our adapter against one that does nothing, from pools with
 * equal settings, and a chat on a borrowed connection.
 */
final class InContainer {
    private static final int WARM_UP_ROUNDS = 30;

    /** A chat runs through many more classes than a borrow, and they are compiled for good only after some 100,000 calls. */
    private static final int CHAT_WARM_UP_ROUNDS = 400;

    private static final int ROUNDS = 101;
    private static final int MANY_THREADS = 8;

    private InContainer() {}

    /**
     * Measures.
     *
     * @param micro Payara Micro
     * @param rar the adapter
     * @param directory for the application server's files
     * @param llm base address of a backend with the OpenAI protocol
     */
    static void measure(Path micro, Path rar, Path directory, URI llm, Table table)
            throws IOException, InterruptedException {
        List<String> boot = new ArrayList<>();
        Path noop = directory.resolve("noop.rar");
        Path war = directory.resolve("bench.war");
        Files.createDirectories(directory);
        NoopArchive.write(noop);
        ShrinkWrap.create(WebArchive.class, "bench.war")
                .addPackage(BorrowServlet.class.getPackage())
                .addClass(CallCost.class)
                .as(ZipExporter.class)
                .exportTo(war.toFile(), true);
        boot.add("deploy --name=noop " + noop);
        boot.add("deploy --name=genai-connector " + rar);
        boot.addAll(pool("noop", "noop", NoopConnectionFactory.class, ""));
        boot.addAll(pool(
                "llm",
                "genai-connector",
                LlmConnectionFactory.class,
                "--property=serverUrl=" + llm.toString().replace(":", "\\:") + ":model=gpt-test"));
        boot.add("deploy --name=bench --contextroot=/bench " + war);
        try (MicroServer server =
                MicroServer.start(micro, directory, Jvm.current("-Xmx1g"), boot, "/bench/borrow?threads=1&rounds=1")) {
            borrow(server, 1, table);
            borrow(server, MANY_THREADS, table);
            server.get("/bench/chat?rounds=" + CHAT_WARM_UP_ROUNDS);
            List<CallCost> chats = server.get("/bench/chat?rounds=" + ROUNDS)
                    .lines()
                    .map(CallCost::parse)
                    .toList();
            table.chatInContainer("Payara Micro, pooled: borrow, chat, release", chats);
        }
    }

    private static List<String> pool(String name, String adapter, Class<?> factory, String properties) {
        return List.of(
                "create-connector-connection-pool --raname=" + adapter + " --connectiondefinition=" + factory.getName()
                        + " --steadypoolsize=8 --maxpoolsize=32 " + properties + " " + name,
                "create-connector-resource --poolname=" + name + " bench/" + name);
    }

    /** One round: nanoseconds with the adapter that does nothing, and with ours right after it. */
    private record Pair(double noop, double ours) {
        static Pair parse(String line) {
            String[] numbers = line.split(" ");
            return new Pair(Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
        }

        double ratio() {
            return ours / noop;
        }
    }

    private static void borrow(MicroServer server, int threads, Table table) throws IOException, InterruptedException {
        String path = "/bench/borrow?threads=" + threads + "&rounds=";
        server.get(path + WARM_UP_ROUNDS);
        List<Pair> rounds = server.get(path + ROUNDS).lines().map(Pair::parse).toList();
        String what = "Payara Micro: borrow and release, " + threads + (threads == 1 ? " thread" : " threads");
        table.row(what + ", adapter that does nothing", Table.median(rounds, Pair::noop), "ns");
        table.row(what + ", GenAI connector", Table.median(rounds, Pair::ours), "ns");
        table.row(what + ", ratio", Table.median(rounds, Pair::ratio), "", 1.3);
    }
}
