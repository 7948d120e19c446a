package org.genaiconnector.tests.inflow;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Receives the reports of the beans in their order, and answers how they react. */
final class ReportReceiver implements AutoCloseable {
    /**
     * An event that a bean received.
     *
     * @param bean name of the bean
     * @param method kind of its method, such as {@code completed}
     * @param job id
     * @param event id of the event
     * @param delivery number of the attempt, from 1
     */
    record Report(String bean, String method, String job, String event, int delivery) {
        static Report parse(String text) {
            String[] words = text.split(" ");
            return new Report(words[0], words[1], words[2], words[3], Integer.parseInt(words[4]));
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Report> reports = new CopyOnWriteArrayList<>();
    private volatile Function<Report, String> reaction = report -> "fine";

    ReportReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    /** How beans react from now on: {@code throw}, {@code error}, {@code rollback}; anything else for success. */
    void react(Function<Report, String> how) {
        reaction = how;
    }

    List<Report> reports() {
        return reports;
    }

    /** The reports of a bean about a job. */
    List<Report> reports(String bean, String job) {
        return reports.stream()
                .filter(report -> report.bean().equals(bean) && report.job().equals(job))
                .toList();
    }

    private void take(HttpExchange exchange) throws IOException {
        Report report = Report.parse(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        reports.add(report);
        byte[] answer = reaction.apply(report).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
