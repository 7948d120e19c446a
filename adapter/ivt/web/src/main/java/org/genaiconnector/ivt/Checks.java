package org.genaiconnector.ivt;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.genaiconnector.ivt.beans.Calls;

/** Runs checks one after the other and collects their outcomes. For one thread. */
final class Checks {
    private static final int LONGEST_TEXT = 1_000;
    private static final int LONGEST_WORDS = 300;

    private final Calls calls;
    private final List<Outcome> outcomes = new ArrayList<>();

    /**
     * None yet.
     *
     * @param calls runs each check as a call of its own
     */
    Checks(Calls calls) {
        this.calls = calls;
    }

    /**
     * Runs a check.
     *
     * @param pool JNDI name; empty for none
     * @param check returns what it has seen; {@link SkippedException} skips it, any other exception fails it
     * @return whether it did not fail
     */
    boolean run(String pool, String name, Callable<String> check) {
        long start = System.nanoTime();
        Outcome outcome;
        try {
            outcome = new Outcome(pool, name, Result.OK, calls.withoutTransaction(check), since(start), List.of());
        } catch (SkippedException e) {
            outcome = new Outcome(pool, name, Result.SKIPPED, e.getMessage(), since(start), List.of());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outcome = new Outcome(pool, name, Result.FAILED, "interrupted", since(start), List.of());
        } catch (Exception
                | LinkageError
                | AssertionError e) { // all that goes wrong in an installation is for the report
            outcome = new Outcome(pool, name, Result.FAILED, text(e), since(start), words(e));
        }
        outcomes.add(outcome);
        return outcome.result() != Result.FAILED;
    }

    List<Outcome> outcomes() {
        return List.copyOf(outcomes);
    }

    private static long since(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }

    /** The classes and messages of an exception and its causes, in one line. */
    static String text(Throwable failure) {
        List<String> parts = new ArrayList<>();
        for (Throwable e : chain(failure)) {
            String name = e instanceof FailedException ? "" : e.getClass().getSimpleName();
            String message = e.getMessage() == null ? "" : e.getMessage().strip();
            // containers repeat the message of a cause in that of the exception around it
            boolean repeated = message.isEmpty() || parts.stream().anyMatch(part -> part.contains(message));
            String part = repeated ? name : name.isEmpty() ? message : name + ": " + message;
            if (!part.isEmpty()) {
                parts.add(part.replaceAll("\\s+", " "));
            }
        }
        return cut(String.join("; caused by ", parts), LONGEST_TEXT);
    }

    /** The classes of an exception and its causes, outermost first. */
    static String kinds(Throwable failure) {
        return chain(failure).stream().map(e -> e.getClass().getSimpleName()).collect(Collectors.joining(" > "));
    }

    /** The messages of an exception and its causes, each once. */
    private static List<String> words(Throwable failure) {
        Set<String> words = new LinkedHashSet<>();
        for (Throwable e : chain(failure)) {
            if (e.getMessage() != null && !e.getMessage().isBlank()) {
                words.add(cut(e.getMessage().strip().replaceAll("\\s+", " "), LONGEST_WORDS));
            }
        }
        return List.copyOf(words);
    }

    private static Set<Throwable> chain(Throwable failure) {
        Set<Throwable> chain = new LinkedHashSet<>();
        for (Throwable e = failure; e != null && chain.add(e); ) {
            e = e.getCause();
        }
        return chain;
    }

    private static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + " ...";
    }
}
