package org.genaiconnector.ra.inflow;

import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.connection.BackendConfiguration;
import org.genaiconnector.ra.connection.PropertyChecks;
import org.genaiconnector.ra.connection.PropertyException;

/**
 * Activation configuration of a message-driven bean that hears of jobs. Which jobs: those submitted through this adapter, or
 * all of one server. Besides, it has the properties by which connection factories reach a server; they count only if {@code
 * serverUrl} is set, for then that server is asked on behalf of the bean, whose application may have no factory for it.
 *
 * <p>Two are equal only if they are the same object. Setters take anything; {@link #validate} tells what is wrong.
 */
public class ComfyUiActivationSpec extends BackendConfiguration implements ActivationSpec {
    private static final long serialVersionUID = 1L;

    @NotNull
    private String jobs = "SUBMITTED";

    private String tag;

    @NotNull
    private String events = "ENDS";

    @NotNull
    @PositiveOrZero
    private Integer progressMillis = 500;

    @NotNull
    @PositiveOrZero
    private Integer redeliveryAttempts = 5;

    @NotNull
    @PositiveOrZero
    private Integer redeliveryDelayMillis = 1_000;

    @NotNull
    @Positive
    private Integer maxConcurrency = 5;

    @NotNull
    private String apiPath = "/api";

    @NotNull
    @PositiveOrZero
    private Integer lostAfterMillis = 3_600_000;

    private transient ResourceAdapter resourceAdapter;

    /** Hears of the ends of all jobs that were submitted through this adapter. */
    public ComfyUiActivationSpec() {
        super(null, 30_000, 300_000);
    }

    /**
     * Checks all properties.
     *
     * @throws InvalidPropertyException that tells all that is wrong, with a descriptor of each wrong property
     */
    @Override
    public void validate() throws InvalidPropertyException {
        Problems problems = new Problems(getClass());
        if (named(JobScope.class, jobs).size() != 1) {
            problems.add(new PropertyException("jobs", "must be " + oneOf(JobScope.class) + ", but is " + jobs));
        }
        if (named(EventKind.class, events).isEmpty()) {
            problems.add(new PropertyException(
                    "events",
                    "must be " + oneOf(EventKind.class) + " or several, separated by commas, but is " + events));
        }
        problems.check(() -> PropertyChecks.atLeast("progressMillis", progressMillis, 0));
        problems.check(() -> PropertyChecks.atLeast("redeliveryAttempts", redeliveryAttempts, 0));
        problems.check(() -> PropertyChecks.atLeast("redeliveryDelayMillis", redeliveryDelayMillis, 0));
        problems.check(() -> PropertyChecks.atLeast("maxConcurrency", maxConcurrency, 1));
        problems.check(() -> PropertyChecks.atLeast("lostAfterMillis", lostAfterMillis, 0));
        if (!PropertyChecks.isBlank(getServerUrl())) {
            problems.check(() -> httpSettings("ComfyUI"));
        } else if (isForAll()) {
            problems.add(new PropertyException("serverUrl", "is missing: jobs=ALL means all jobs of this server"));
        }
        problems.throwIfAny();
    }

    private boolean isForAll() {
        return named(JobScope.class, jobs).contains(JobScope.ALL);
    }

    /** The constants that a text names, separated by commas, in any case; none if it names anything else. */
    private static <E extends Enum<E>> Set<E> named(Class<E> type, String text) {
        Set<E> constants = EnumSet.noneOf(type);
        if (PropertyChecks.isBlank(text)) {
            return constants;
        }
        Set<String> words = Arrays.stream(text.split(","))
                .map(word -> word.strip().toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());
        for (E constant : type.getEnumConstants()) {
            if (words.remove(constant.name())) {
                constants.add(constant);
            }
        }
        return words.isEmpty() ? constants : EnumSet.noneOf(type);
    }

    private static String oneOf(Class<? extends Enum<?>> type) {
        return Arrays.stream(type.getEnumConstants()).map(Enum::name).collect(Collectors.joining(" or "));
    }

    /** What the bean wants to hear of, if this is valid. */
    Interest interest() throws InvalidPropertyException {
        return new Interest(
                isForAll() ? JobScope.ALL : JobScope.SUBMITTED,
                PropertyChecks.isBlank(getServerUrl()) ? Optional.empty() : Optional.of(server()),
                PropertyChecks.isBlank(tag) ? Optional.empty() : Optional.of(tag.strip()),
                named(EventKind.class, events));
    }

    /**
     * Leads to the server of whose jobs the bean wants to hear.
     *
     * @param adapter that the factory shall belong to
     * @return empty if the bean hears of jobs of all servers
     */
    Optional<ComfyUiManagedConnectionFactory> connectionFactory(ResourceAdapter adapter) {
        if (PropertyChecks.isBlank(getServerUrl())) {
            return Optional.empty();
        }
        ComfyUiManagedConnectionFactory factory = new ComfyUiManagedConnectionFactory();
        Properties.copy(this, factory);
        factory.setResourceAdapter(adapter);
        return Optional.of(factory);
    }

    /** How the bean wants to be told, if this is valid. */
    DeliveryPolicy policy() {
        return new DeliveryPolicy(
                Duration.ofMillis(progressMillis),
                redeliveryAttempts,
                Duration.ofMillis(redeliveryDelayMillis),
                maxConcurrency);
    }

    @Override
    public ResourceAdapter getResourceAdapter() {
        return resourceAdapter;
    }

    @Override
    public void setResourceAdapter(ResourceAdapter adapter) {
        resourceAdapter = adapter;
    }

    /** Of which jobs the bean hears: {@code SUBMITTED} through this adapter, or {@code ALL} of the server. */
    public String getJobs() {
        return jobs;
    }

    public void setJobs(String jobs) {
        this.jobs = jobs;
    }

    /** Tag of the jobs that the bean hears of; absent for all. */
    public String getTag() {
        return tag;
    }

    public void setTag(String tag) {
        this.tag = tag;
    }

    /** What the bean hears of them: {@code ENDS}, {@code PROGRESS}, {@code PREVIEW} or several, with commas. */
    public String getEvents() {
        return events;
    }

    public void setEvents(String events) {
        this.events = events;
    }

    /** Shortest time between two progresses of a job, and between two previews, in milliseconds; 0 for no limit. */
    public Integer getProgressMillis() {
        return progressMillis;
    }

    public void setProgressMillis(Integer progressMillis) {
        this.progressMillis = progressMillis;
    }

    /** How often an end is delivered again when the bean throws or its transaction is rolled back; 0 means never. */
    public Integer getRedeliveryAttempts() {
        return redeliveryAttempts;
    }

    public void setRedeliveryAttempts(Integer redeliveryAttempts) {
        this.redeliveryAttempts = redeliveryAttempts;
    }

    /** Wait before the first of them, in milliseconds; doubles for each further one up to 5 minutes. */
    public Integer getRedeliveryDelayMillis() {
        return redeliveryDelayMillis;
    }

    public void setRedeliveryDelayMillis(Integer redeliveryDelayMillis) {
        this.redeliveryDelayMillis = redeliveryDelayMillis;
    }

    /** Of how many jobs the bean is told at the same time, each by an instance of its own. */
    public Integer getMaxConcurrency() {
        return maxConcurrency;
    }

    public void setMaxConcurrency(Integer maxConcurrency) {
        this.maxConcurrency = maxConcurrency;
    }

    /** Path under which the server's routes are; {@code none} for the root. */
    public String getApiPath() {
        return apiPath;
    }

    public void setApiPath(String apiPath) {
        this.apiPath = apiPath;
    }

    /** How long the server may be silent before its jobs count as lost, in milliseconds; 0 for ever. */
    public Integer getLostAfterMillis() {
        return lostAfterMillis;
    }

    public void setLostAfterMillis(Integer lostAfterMillis) {
        this.lostAfterMillis = lostAfterMillis;
    }
}
