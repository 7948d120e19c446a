package org.genaiconnector.tests.server;

import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.genaiconnector.servers.Asadmin;
import org.genaiconnector.tests.payara.TestApplicationClient;

/** Commands that the test application runs inside its Payara Micro, which has no administration port. */
final class EmbeddedAsadmin implements Asadmin {
    private static final String SUCCESS = "SUCCESS";

    private final TestApplicationClient application;

    EmbeddedAsadmin(TestApplicationClient application) {
        this.application = application;
    }

    @Override
    public Report attempt(String command, String operand, Map<String, String> options)
            throws IOException, InterruptedException {
        return attempt(command, Stream.concat(arguments(options), Stream.of(operand)));
    }

    private Report attempt(String command, Stream<String> arguments) throws IOException, InterruptedException {
        String report = application.asadmin(command, arguments.toArray(String[]::new));
        return new Report(!report.startsWith(SUCCESS), report);
    }

    private static Stream<String> arguments(Map<String, String> options) {
        return options.entrySet().stream().map(option -> "--" + option.getKey() + "=" + option.getValue());
    }

    /**
     * Runs the internal command that {@code flush-connection-pool} sends to each instance of a domain. On Micro {@code
     * flush-connection-pool} itself succeeds without doing anything: it skips instances whose administration port does not respond.
     */
    @Override
    public void flush(String pool) throws IOException, InterruptedException {
        Asadmin.succeeded("flush " + pool, attempt("_flush-connection-pool", arguments(Map.of("poolName", pool))));
    }
}
