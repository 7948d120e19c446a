package org.genaiconnector.ra.inflow;

import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.PositiveOrZero;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.connection.BackendConfiguration;
import org.genaiconnector.ra.connection.JobStoreSettings;
import org.genaiconnector.ra.connection.PropertyChecks;
import org.genaiconnector.ra.connection.PropertyException;

/**
 * Activation configuration of a message-driven bean that receives events of jobs: of those that were submitted through this
 * adapter, or of all jobs of one ComfyUI. It also has the properties by which connection factories reach a backend; they count
 * only if {@code serverUrl} is set, because the adapter then asks that ComfyUI for the bean, whose application may have no factory
 * for it.
 *
 * <p>Two of them are equal only if they are the same object. Setters accept any value; {@link #validate} reports wrong ones.
 */
public class ComfyUiActivationSpec extends BackendConfiguration implements ActivationSpec {
    private static final long serialVersionUID = 1L;

    /** Properties of factories that have nothing to do with watching a backend: of stores, and of several addresses. */
    private static final Set<String> OF_FACTORIES_ONLY = Set.of(
            "jobStore",
            "jobStoreCreateTables",
            "maxInFlight",
            "queueTimeoutMillis",
            "maxAttempts",
            "serverCredentials",
            "comfyOrgApiKey",
            "failoverMillis");

    /** As the column of the job store. */
    private static final int LONGEST_SUBSCRIPTION = 100;

    /** What factories have in place of a name to have no job store. */
    private static final String NO_STORE = "none";

    @NotNull
    private String jobs = "SUBMITTED";

    private String tag;

    private String subscription;

    private String jobStore;

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

    private Boolean runAsCaller = false;

    @NotNull
    private String apiPath = "/api";

    private String dialect = "AUTO";

    @NotNull
    @PositiveOrZero
    private Integer lostAfterMillis = 3_600_000;

    private transient ResourceAdapter resourceAdapter;

    /** Selects the ends of all jobs that are submitted through this adapter. */
    public ComfyUiActivationSpec() {
        super(null, 30_000, 300_000);
    }

    /**
     * Checks all properties.
     *
     * @throws InvalidPropertyException with the problems of all wrong properties and a descriptor of each
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
        if (isDurable()) {
            problems.check(this::checkSubscription);
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

    private boolean isDurable() {
        return !PropertyChecks.isBlank(subscription);
    }

    private void checkSubscription() throws PropertyException {
        if (subscription.strip().length() > LONGEST_SUBSCRIPTION) {
            throw new PropertyException(
                    "subscription",
                    "must have 1 to " + LONGEST_SUBSCRIPTION + " characters, but has "
                            + subscription.strip().length());
        }
        if (isForAll()) {
            throw new PropertyException(
                    "subscription",
                    "is " + subscription
                            + ", but jobs=ALL: a job store knows only jobs that are submitted through the adapter;"
                            + " remove one of the two");
        }
        if (!named(EventKind.class, events).contains(EventKind.ENDS)) {
            throw new PropertyException(
                    "subscription",
                    "is " + subscription + ", but events=" + events
                            + ": only ends are durable; add ENDS, or remove subscription");
        }
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

    /**
     * The durable subscription of the bean, if this is valid.
     *
     * @param common what is configured for all
     * @return empty if the bean has none
     * @throws InvalidPropertyException if it has no job store
     */
    Optional<SubscriptionSettings> subscription(JobStoreSettings common) throws InvalidPropertyException {
        if (!isDurable()) {
            return Optional.empty();
        }
        String store = Optional.ofNullable(jobStore)
                .filter(name -> !PropertyChecks.isBlank(name))
                .map(String::strip)
                .or(common::name)
                .filter(name -> !NO_STORE.equals(name))
                .orElseThrow(() -> new PropertyException(
                        "subscription",
                        "is " + subscription
                                + ", but there is no job store: set jobStore of the resource adapter, or of this"
                                + " activation"));
        EventFilter filter = filter();
        return Optional.of(new SubscriptionSettings(
                subscription.strip(), store, filter.server().map(URI::toString), filter.tag()));
    }

    /** The events that the bean receives, if this is valid. */
    EventFilter filter() throws InvalidPropertyException {
        return new EventFilter(
                isForAll() ? JobScope.ALL : JobScope.SUBMITTED,
                PropertyChecks.isBlank(getServerUrl()) ? Optional.empty() : Optional.of(server()),
                PropertyChecks.isBlank(tag) ? Optional.empty() : Optional.of(tag.strip()),
                named(EventKind.class, events));
    }

    /**
     * A factory of connections to the ComfyUI whose jobs the bean receives events of.
     *
     * @param adapter that the factory belongs to
     * @return empty if the bean receives events of the jobs of all backends
     */
    Optional<ComfyUiManagedConnectionFactory> connectionFactory(ResourceAdapter adapter) {
        if (PropertyChecks.isBlank(getServerUrl())) {
            return Optional.empty();
        }
        ComfyUiManagedConnectionFactory factory = new ComfyUiManagedConnectionFactory();
        PropertyCopy.copy(this, factory, OF_FACTORIES_ONLY);
        factory.setJobStore(NO_STORE); // it sends nothing
        factory.setResourceAdapter(adapter);
        return Optional.of(factory);
    }

    /** How events are delivered to the bean, if this is valid. */
    DeliveryPolicy policy() {
        return new DeliveryPolicy(
                Duration.ofMillis(progressMillis),
                redeliveryAttempts,
                Duration.ofMillis(redeliveryDelayMillis),
                maxConcurrency,
                Boolean.TRUE.equals(runAsCaller));
    }

    @Override
    public ResourceAdapter getResourceAdapter() {
        return resourceAdapter;
    }

    @Override
    public void setResourceAdapter(ResourceAdapter adapter) {
        resourceAdapter = adapter;
    }

    /** The jobs whose events the bean receives: {@code SUBMITTED} through this adapter, or {@code ALL} of one ComfyUI. */
    public String getJobs() {
        return jobs;
    }

    public void setJobs(String jobs) {
        this.jobs = jobs;
    }

    /** Tag of the jobs whose events the bean receives; absent for all jobs. */
    public String getTag() {
        return tag;
    }

    public void setTag(String tag) {
        this.tag = tag;
    }

    /** Name of a durable subscription: ends wait in the job store until a bean with this name has taken them; absent for none. */
    public String getSubscription() {
        return subscription;
    }

    public void setSubscription(String subscription) {
        this.subscription = subscription;
    }

    /** JNDI name of the data source with the job store of the subscription; absent for the adapter's. */
    public String getJobStore() {
        return jobStore;
    }

    public void setJobStore(String jobStore) {
        this.jobStore = jobStore;
    }

    /** The events that the bean receives: {@code ENDS}, {@code PROGRESS}, {@code PREVIEW}, or several separated by commas. */
    public String getEvents() {
        return events;
    }

    public void setEvents(String events) {
        this.events = events;
    }

    /** Shortest time between two progress events of a job, and between two previews, in milliseconds; 0 for no limit. */
    public Integer getProgressMillis() {
        return progressMillis;
    }

    public void setProgressMillis(Integer progressMillis) {
        this.progressMillis = progressMillis;
    }

    /** How often an end is redelivered if the bean throws or its transaction is rolled back; 0 means never. */
    public Integer getRedeliveryAttempts() {
        return redeliveryAttempts;
    }

    public void setRedeliveryAttempts(Integer redeliveryAttempts) {
        this.redeliveryAttempts = redeliveryAttempts;
    }

    /** Delay of the first redelivery, in milliseconds; it doubles for each further one up to 5 minutes. */
    public Integer getRedeliveryDelayMillis() {
        return redeliveryDelayMillis;
    }

    public void setRedeliveryDelayMillis(Integer redeliveryDelayMillis) {
        this.redeliveryDelayMillis = redeliveryDelayMillis;
    }

    /** How many jobs the bean receives events of at the same time, each in an instance of its own. */
    public Integer getMaxConcurrency() {
        return maxConcurrency;
    }

    public void setMaxConcurrency(Integer maxConcurrency) {
        this.maxConcurrency = maxConcurrency;
    }

    /** What the backend speaks, as of factories. */
    public String getDialect() {
        return dialect;
    }

    public void setDialect(String dialect) {
        this.dialect = dialect;
    }

    /** Whether the bean is called as the caller of the job's submission. */
    public Boolean getRunAsCaller() {
        return runAsCaller;
    }

    public void setRunAsCaller(Boolean runAsCaller) {
        this.runAsCaller = runAsCaller;
    }

    /** Path of ComfyUI's routes; {@code none} for the root. */
    public String getApiPath() {
        return apiPath;
    }

    public void setApiPath(String apiPath) {
        this.apiPath = apiPath;
    }

    /** How long ComfyUI may be silent before its jobs count as lost, in milliseconds; 0 means for ever. */
    public Integer getLostAfterMillis() {
        return lostAfterMillis;
    }

    public void setLostAfterMillis(Integer lostAfterMillis) {
        this.lostAfterMillis = lostAfterMillis;
    }
}
