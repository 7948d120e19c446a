package org.genaiconnector.servers;

import java.io.IOException;
import java.util.Map;

/** The commands of {@code asadmin} of Payara and GlassFish, over either transport. */
public interface Asadmin {

    /**
     * Result of a command.
     *
     * @param failed whether the command failed
     * @param message for the administrator
     */
    record Report(boolean failed, String message) {}

    /**
     * Runs a command that may fail.
     *
     * @param operand what follows the options on a command line
     * @param options by name
     * @throws IOException if no report of it can be read
     */
    Report attempt(String command, String operand, Map<String, String> options)
            throws IOException, InterruptedException;

    /**
     * Closes all connections of a pool.
     *
     * @throws IOException if no report of it can be read
     */
    void flush(String pool) throws IOException, InterruptedException;

    /**
     * Runs a command that must not fail.
     *
     * @param operand what follows the options on a command line
     * @param options by name
     * @return the message
     * @throws IOException if no report of it can be read
     */
    default String run(String command, String operand, Map<String, String> options)
            throws IOException, InterruptedException {
        return succeeded(command + " " + operand, attempt(command, operand, options));
    }

    /**
     * The message of a command that must not have failed.
     *
     * @param command for the message of the error
     */
    static String succeeded(String command, Report report) {
        if (report.failed()) {
            throw new AssertionError("asadmin " + command + ": " + report.message());
        }
        return report.message();
    }

    /**
     * Deploys an archive, or redeploys it if one of that name is deployed.
     *
     * @throws IOException if no report of it can be read
     */
    default void deploy(String name, String file) throws IOException, InterruptedException {
        run("deploy", file, Map.of("name", name, "force", "true"));
    }
}
