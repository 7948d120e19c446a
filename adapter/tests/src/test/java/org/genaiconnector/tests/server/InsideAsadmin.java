package org.genaiconnector.tests.server;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.genaiconnector.tests.payara.BenchClient;

/** Commands that an application has its own server do, since a Payara Micro has no administration port. */
final class InsideAsadmin implements Asadmin {
    private static final String SUCCESS = "SUCCESS";

    private final BenchClient bench;

    InsideAsadmin(BenchClient bench) {
        this.bench = bench;
    }

    @Override
    public Report attempt(String command, String operand, Map<String, String> options)
            throws IOException, InterruptedException {
        return attempt(command, Stream.concat(arguments(options), Stream.of(operand)));
    }

    private Report attempt(String command, Stream<String> arguments) throws IOException, InterruptedException {
        String report = bench.asadmin(command, arguments.toArray(String[]::new));
        return new Report(!report.startsWith(SUCCESS), report);
    }

    private static Stream<String> arguments(Map<String, String> options) {
        return options.entrySet().stream().map(option -> "--" + option.getKey() + "=" + option.getValue());
    }

    /**
     * By the command that {@code flush-connection-pool} has each server of a domain do. That one itself succeeds on a Micro
     * without doing anything: it skips servers whose administration port does not answer.
     */
    @Override
    public void flush(String pool) throws IOException, InterruptedException {
        Asadmin.succeeded("flush " + pool, attempt("_flush-connection-pool", arguments(Map.of("poolName", pool))));
    }
}
