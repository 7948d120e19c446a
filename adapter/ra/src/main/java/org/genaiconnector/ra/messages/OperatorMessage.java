package org.genaiconnector.ra.messages;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The messages at INFO or above of the adapter. An id stays the same in later versions, even if the words change; the
 * id of a message that is removed is not used again. In the words, {@code {0}}, {@code {1}} and so on stand for values.
 */
public enum OperatorMessage {
    // life cycle of the adapter
    CLOSE_FAILED(
            1001,
            Level.WARNING,
            "A part of the GenAI connector could not be closed and may stay open",
            "Appears after an undeployment. If it appears at each one, restart the application server when convenient and report"
                    + " the stack trace."),
    WORKS_STILL_RUNNING(
            1002,
            Level.WARNING,
            "Works of the GenAI connector have not ended within {0} ms; they may keep its classes in memory",
            "An undeployment did not wait longer; usually a message-driven bean is still busy. The classes stay in memory until"
                    + " it ends."),

    // http
    CIRCUIT_OPENED(
            1101,
            Level.WARNING,
            "{0} failed {1} times in a row; calls fail at once, and every {2} ms one is let through: {3}",
            "The circuit has opened, for one model if the message names one. The end of the message is the last failure. The"
                    + " circuit closes by itself when such a call succeeds."),
    CIRCUIT_CLOSED(1102, Level.INFO, "{0} answers again", "The circuit has closed. Do nothing."),
    CALLS_OUTLIVE_CLIENT(
            1103,
            Level.WARNING,
            "Calls of {0} go on after their connections were closed; the HTTP client is closed when they end",
            "A pool was removed under load. Do nothing."),
    NO_JERSEY(
            1104,
            Level.INFO,
            "The adapter calls its backends by Apache HttpClient alone (transport DIRECT): there is no Jersey Client in the"
                    + " application server that it could use, because {0}",
            "Usual on WildFly, Open Liberty and TomEE. Do nothing: calls do the same as with Jersey. On Payara or GlassFish the end"
                    + " of the message says what is wrong with Jersey."),

    // connections
    VALIDATION_FAILED(
            1201,
            Level.WARNING,
            "Validating a connection to {0} failed; it is replaced",
            "An error within the adapter during validation; the connection is not used any more. Report the stack trace."),
    DESTROY_FAILED(
            1202,
            Level.WARNING,
            "A connection could not be destroyed; its socket may stay open",
            "Only outside a pool of an application server. Report the stack trace."),
    OUTCOME_NOT_DELIVERED(
            1203,
            Level.WARNING,
            "The outcome of a transaction could not be given to {0}",
            "An error within the adapter; the other jobs of the transaction get the outcome. Report the stack trace."),
    KEY_FILE_UNUSABLE(
            1204,
            Level.WARNING,
            "The last key is still used: {0}",
            "The file of `apiKeyFile` was read before, and is missing or wrong now, as the message says. Restore it; the adapter"
                    + " reads it again within a second."),
    TARGETS_UNUSABLE(
            1205,
            Level.WARNING,
            "The last targets are still used: {0}",
            "The file of `targets` was read before, and is missing or wrong now, as the message says. Restore it; the adapter reads"
                    + " it again within a second."),

    LIMITS_ALONE(
            1206,
            Level.WARNING,
            "Limits of LLM calls cannot be counted in the database {0}; this application server counts by itself until they can: {1}",
            "The end of the message says what the database or the application server answered. Calls go on; until GENAI-1207 each"
                    + " application server allows as much as the limits say. What is used meanwhile is added then."),
    LIMITS_TOGETHER(1207, Level.INFO, "Limits of LLM calls are counted in the database {0} again", "Do nothing."),
    NO_THREAD_FOR_LIMITS(
            1208,
            Level.WARNING,
            "The Work Manager gives no thread for the limits in the database {0}: what calls under way hold is released when the lease"
                    + " is over",
            "Raise the maximum of the thread pool `genai-threads`, and restart the adapter. Until then `concurrentCalls` may be"
                    + " exceeded by calls that last longer than `jobStoreLeaseMillis`."),

    // ComfyUI and its jobs
    NO_EVENTS(
            1301,
            Level.INFO,
            "No events from {0} for now ({1}): jobs are tracked by polling alone, without progress",
            "The WebSocket cannot be opened or broke, often because of a proxy. Ends of jobs are delivered as before, progress is"
                    + " not."),
    JOB_SILENT(
            1302,
            Level.WARNING,
            "Job {0} has been running on {1} for {2} min without any sign of life: one of its nodes is very slow, or ComfyUI's"
                    + " worker thread has died, which only a restart of ComfyUI repairs",
            "Look at ComfyUI, and restart it if its worker thread has died."),
    JOBS_NOT_ANSWERED(
            1303,
            Level.WARNING,
            "{0} does not answer about {1} of its jobs, which stay as they are; it is asked again every 2 s: {2}",
            "ComfyUI does not answer. Its jobs stay as they are until it does."),
    JOBS_ANSWERED_AGAIN(1304, Level.INFO, "{0} answers again; its jobs are tracked again", "Do nothing."),
    NO_THREAD_FOR_TRACKING(
            1305,
            Level.WARNING,
            "The Work Manager gives no thread to track the jobs of {0}: their ends are known only to callers that wait for them",
            "Raise the maximum of the thread pool `genai-threads`."),
    OBSERVER_FAILED(
            1306,
            Level.WARNING,
            "An observer of jobs failed to take an event of job {0}",
            "An error within the adapter. Report the stack trace."),
    PREVIEW_OBSERVER_FAILED(
            1307,
            Level.WARNING,
            "An observer of jobs failed to take a preview of job {0}",
            "An error within the adapter. Report the stack trace."),
    POLLING_FAILED(
            1308,
            Level.WARNING,
            "Asking {0} about its jobs failed; it is asked again",
            "An error within the adapter; the jobs are still tracked. Report the stack trace."),
    JOB_OF_ROLLBACK_FOUND(
            1309,
            Level.INFO,
            "Job {0}, whose transaction failed or which goes on elsewhere, is on {1} all the same: {2}",
            "A gateway or a timeout had lost the answer to its submission, or its ComfyUI did not answer for `failoverMillis`. If"
                    + " it could not be cancelled, it has run and its files are on ComfyUI."),
    TRACKING_FAILED(
            1310,
            Level.ERROR,
            "Tracking the jobs of {0} failed by an error within the application server; it is started again every second",
            "Usually no memory was left, as the stack trace says. Jobs are tracked again as soon as there is enough; until then"
                    + " `tracking` of the statistics is false."),
    JOB_QUESTION_FAILED(
            1311,
            Level.WARNING,
            "Asking {0} about job {1} failed; it is asked again",
            "An error within the adapter; the job keeps its state. Report the stack trace."),
    OUTPUTS_TOO_LARGE(
            1312,
            Level.WARNING,
            "Job {0} on {1} has more outputs than can be read: its end has not all of them",
            "The answer is larger than 64 MB. The end has the outputs that arrived by WebSocket, perhaps none; the files are on"
                    + " ComfyUI."),
    NO_TRANSACTIONS(
            1313,
            Level.WARNING,
            "A prompt was queued in a transaction, but {0} has no transactions: it was sent at once, and a rollback does not take it"
                    + " back; set transaction-support of the pool to LocalTransaction (in a @ConnectionFactoryDefinition:"
                    + " transactionSupport), or queue outside transactions",
            "Once for each factory. Set `transaction-support` as"
                    + " [transactions.md](transactions.md#without-transactions) says, unless this is intended."),
    SOCKET_END_FAILED(
            1314,
            Level.WARNING,
            "The end of a WebSocket to {0} could not be handled",
            "An error within the adapter; the WebSocket is opened again. Report the stack trace."),
    JOB_MOVED(
            1315,
            Level.INFO,
            "Job {0} goes on at {1}: {2} {3}",
            "One of several ComfyUI has failed. If it says so of jobs that ran, look at the ComfyUI that lost them."),
    FAILOVER_FAILED(
            1316,
            Level.WARNING,
            "Job {0}, which its ComfyUI has lost, could not be sent to another one; it is tried again",
            "An error within the adapter. Report the stack trace."),
    SAME_COMFYUI(
            1317,
            Level.WARNING,
            "{0} and {1} show the same jobs: they are one ComfyUI, or have swapped their addresses",
            "Usually serverUrl names one ComfyUI twice, by two host names: take one of them out. It gets no more jobs than its queue"
                    + " takes, but counts as two GPUs. After a swap of addresses nothing is to be done."),

    // message-driven beans
    NO_FURTHER_THREAD(
            1401,
            Level.WARNING,
            "The Work Manager gives no further thread to deliver events to message-driven bean {0}: {1}",
            "Deliveries continue with fewer threads. Raise the maximum of `genai-threads`."),
    LAST_DELIVERY_FAILED(
            1402,
            Level.ERROR,
            "Message-driven bean {0} did not take {1}: {2}. This was delivery {3}, the last one; there is no other",
            "The bean failed each time; the stack trace is its own. `findJob` still knows the job."),
    DELIVERY_FAILED(
            1403,
            Level.WARNING,
            "Message-driven bean {0} did not take {1}: {2}. It is not repeated; further cases are logged at level FINE",
            "The bean failed to handle an event that is not delivered again. The stack trace is its own."),
    BEAN_STILL_BUSY(
            1404,
            Level.WARNING,
            "Message-driven bean {0} is being deactivated, but still busy with an event after {1} ms; the adapter waits no longer"
                    + " for it",
            "Its application was undeployed while the bean worked. Do nothing, or make the bean faster."),
    RELEASE_FAILED(
            1405,
            Level.WARNING,
            "The container could not release an endpoint of message-driven bean {0}",
            "Report the stack trace to the vendor of the application server."),
    FACTORY_NOT_WATCHED(
            1406,
            Level.ERROR,
            "Message-driven bean {0} gets only events of jobs that this adapter submits from now on, because {1} cannot be watched",
            "The factory that the bean's activation property names is unusable, as the stack trace says. Correct the property and"
                    + " deploy the bean again."),
    DELIVERING_FAILED(
            1407,
            Level.ERROR,
            "Delivering events to message-driven bean {0} failed by an error within the application server; it is started again",
            "Usually no memory was left, as the stack trace says. The events are delivered again."),
    END_WITHOUT_OUTPUTS(
            1408,
            Level.WARNING,
            "Message-driven bean {0} gets {1} without outputs: {2}",
            "More ends waited for the bean than fit in memory, and ComfyUI had forgotten the job before its turn came, or its answer"
                    + " is too large to be read. Make the bean faster, or keep ComfyUI's history longer."),
    SUBSCRIPTION_NOT_IN_TRANSACTION(
            1409,
            Level.WARNING,
            "Message-driven bean {0} takes the ends of subscription {1} at least once, rather than exactly once: they are acknowledged"
                    + " after its transaction. {2}",
            "Set up the data source of the job store with transactions, as the end of the message says. Until then the bean may"
                    + " receive an end twice after a crash."),
    DELIVERY_DEAD(
            1410,
            Level.ERROR,
            "Message-driven bean {0} did not take {1}: {2}. This was delivery {3}, the last one; subscription {4} keeps it as dead in"
                    + " job store {5}",
            "The bean failed each time; the stack trace is its own. Mend it, and call `redeliver` of the MXBean"
                    + " `org.genaiconnector:type=JobStore` with the subscription and the job, or `discard`; see"
                    + " [job-store.md](job-store.md#dead-deliveries)."),
    SUBSCRIPTION_AMBIGUOUS(
            1411,
            Level.WARNING,
            "Message-driven beans {0} and {1} share subscription {2}, but have different values of serverUrl or tag: those of either may"
                    + " count for both",
            "Give both beans the same values, or subscriptions of their own."),
    NO_CALLERS(
            1412,
            Level.WARNING,
            "Message-driven bean {0} is to be called as the callers of jobs (property runAsCaller), but the application server runs no"
                    + " works as callers: it is called without one",
            "The application server lacks security inflow (`SecurityContext` of Jakarta Connectors). Set `runAsCaller` to false, and let the"
                    + " bean read the caller from the tag or from its own data."),

    // statistics
    STATISTICS_NOT_REGISTERED(
            1501,
            Level.WARNING,
            "The statistics {0} cannot be registered with JMX",
            "The pool works; its figures are missing in JMX and `/metrics`. Report the stack trace."),
    STATISTICS_NOT_REMOVED(
            1502,
            Level.WARNING,
            "{0} cannot be unregistered and keeps the adapter's classes in memory",
            "Appears after an undeployment. Restart the application server when convenient."),

    // job stores
    JOB_STORE_FAILED(
            1601,
            Level.WARNING,
            "Job store {0} cannot be used; its jobs wait, and it is tried again every second: {1}",
            "The end of the message says what the database or the application server answered. Nothing is lost; jobs go on when"
                    + " the store can be used again, which GENAI-1602 says."),
    JOB_STORE_WORKS(1602, Level.INFO, "Job store {0} can be used", "Do nothing."),
    JOBS_TAKEN_OVER(
            1603,
            Level.INFO,
            "{0} instances have not renewed their leases in job store {1}: others take over their jobs",
            "An application server has ended without stopping its applications, or could not reach the database. Do nothing if it"
                    + " was meant to end."),
    LEASE_LOST(
            1604,
            Level.WARNING,
            "This instance has not renewed its lease in job store {0} in time, so others have taken over its jobs; it registers anew",
            "The application server was suspended, paused for long to collect garbage, or could not reach the database for longer"
                    + " than `jobStoreLeaseMillis`. Nothing is lost. Raise the lease if it appears often."),
    JOBS_NOT_TAKEN(
            1605,
            Level.WARNING,
            "Jobs of job store {0} wait, because {1} takes none: {2}",
            "ComfyUI is down, or refuses what the end of the message names, such as the credentials of the factory. Correct that; the"
                    + " jobs are sent by themselves, which GENAI-1606 says."),
    JOBS_TAKEN_AGAIN(1606, Level.INFO, "{0} takes the jobs of job store {1} again", "Do nothing."),
    STRAY_PROMPT(
            1607,
            Level.WARNING,
            "Job {0} was sent to {1} as prompt {2} by this instance after another one had taken it over; the prompt {3}",
            "The application server was suspended while it sent the job. If the prompt has run, its files are on ComfyUI in"
                    + " addition to those of the job."),
    NO_THREAD_FOR_STORE(
            1608,
            Level.WARNING,
            "The Work Manager gives no thread for job store {0}: its jobs wait",
            "Raise the maximum of the thread pool `genai-threads`. It is tried again with the next job."),
    JOB_STORE_WORK_FAILED(
            1609,
            Level.ERROR,
            "Working on job store {0} failed by an error within the application server; it goes on in a second",
            "Usually no memory was left, as the stack trace says. Otherwise report it."),
    STORE_IN_LOCAL_TRANSACTION(
            1610,
            Level.WARNING,
            "{0} has a job store, and its pool has local transactions: set transaction-support of the pool to NoTransaction, or no"
                    + " second resource that is not XA can take part in the transactions of its users",
            "Once for each factory. With a job store the row takes part in the transaction, not the connection; see"
                    + " [job-store.md](job-store.md)."),

    // telemetry
    TELEMETRY_UNUSABLE(
            1701,
            Level.WARNING,
            "The OpenTelemetry that the adapter sees cannot be used, so it records no spans: {0}",
            "Only a part of OpenTelemetry's API is on the class path of the application server. Put the whole"
                    + " `opentelemetry-api` with `opentelemetry-context` there, or remove it; see [telemetry.md](telemetry.md)."),
    TELEMETRY_FAILED(
            1702,
            Level.WARNING,
            "OpenTelemetry failed while the adapter recorded a span or a measurement; calls go on, and this is said once",
            "The stack trace names the span processor, exporter or propagator that threw. Report it to its maker."),
    TRACE_MALFORMED(
            1703,
            Level.WARNING,
            "A job carries the trace context {0}, which is none: its delivery begins a trace of its own; this is said once",
            "An application has put it as `traceparent` into `extraData` of its submission. Leave that out: the adapter adds it.");

    private static final Pattern PLACE = Pattern.compile("\\{(\\d)}");

    private final int number;
    private final Level level;
    private final String words;
    private final String remedy;

    OperatorMessage(int number, Level level, String words, String remedy) {
        this.number = number;
        this.level = level;
        this.words = words;
        this.remedy = remedy;
    }

    /**
     * The id that begins the message.
     *
     * @return {@code GENAI-} and four digits
     */
    public String id() {
        return "GENAI-" + number;
    }

    /**
     * The level it is logged at.
     *
     * @return INFO, WARNING or ERROR
     */
    public Level level() {
        return level;
    }

    /**
     * The words with places for values.
     *
     * @return one line without the id
     */
    public String words() {
        return words;
    }

    /**
     * What an operator can do.
     *
     * @return Markdown, as the documentation has it
     */
    public String remedy() {
        return remedy;
    }

    /**
     * Logs it.
     *
     * @param logger of the class that logs it
     * @param values for the places in the words, in their order
     */
    public void log(Logger logger, Object... values) {
        logger.log(level, text(values));
    }

    /**
     * Logs it with a stack trace.
     *
     * @param logger of the class that logs it
     * @param cause whose stack trace follows the message
     * @param values for the places in the words, in their order
     */
    public void logFailure(Logger logger, Throwable cause, Object... values) {
        logger.log(level, text(values), cause);
    }

    private String text(Object... values) {
        return id() + " "
                + PLACE.matcher(words)
                        .replaceAll(place ->
                                Matcher.quoteReplacement(String.valueOf(values[Integer.parseInt(place.group(1))])));
    }
}
