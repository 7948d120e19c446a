package org.genaiconnector.comfyui;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.genaiconnector.SerializedRecord;

/**
 * A workflow to be queued, and how.
 *
 * <pre>{@code
 * connection.queuePrompt(Submission.of(workflow).withTag("story").withFront(true));
 * }</pre>
 *
 * <p>Immutable.
 */
public final class Submission implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final int LONGEST_TAG = 200;
    private static final int LONGEST_CALLER = 200;

    private final Values values;

    private Submission(Values values) {
        this.values = values;
    }

    private record Values(
            Workflow workflow,
            Optional<String> tag,
            boolean front,
            OptionalDouble number,
            List<String> targets,
            Optional<String> previewMethod,
            JsonObject extraData,
            boolean partial,
            Optional<Duration> timeout,
            Optional<String> caller,
            List<String> required,
            boolean onceOnly)
            implements Serializable {

        Values {
            targets = List.copyOf(targets);
            required = required == null ? List.of() : List.copyOf(required);
            for (String need : required) {
                if (need.isBlank() || need.length() > LONGEST_TAG) {
                    throw new IllegalArgumentException(
                            "A required tag has 1 to " + LONGEST_TAG + " characters: \"" + need + "\"");
                }
            }
            if (front && number.isPresent()) {
                throw new IllegalArgumentException("A submission has front or number, not both: number is "
                        + number.getAsDouble() + ", and front is true");
            }
            if (number.isPresent() && !Double.isFinite(number.getAsDouble())) {
                throw new IllegalArgumentException("number must be finite: " + number.getAsDouble());
            }
            if (tag.isPresent() && (tag.get().isBlank() || tag.get().length() > LONGEST_TAG)) {
                throw new IllegalArgumentException(
                        "A tag has 1 to " + LONGEST_TAG + " characters: \"" + tag.get() + "\"");
            }
            if (caller.isPresent() && (caller.get().isBlank() || caller.get().length() > LONGEST_CALLER)) {
                throw new IllegalArgumentException(
                        "A caller has 1 to " + LONGEST_CALLER + " characters: \"" + caller.get() + "\"");
            }
            if (timeout.isPresent() && timeout.get().isNegative()) {
                throw new IllegalArgumentException("timeout must not be negative: " + timeout.get());
            }
            if (extraData.containsKey("extra_pnginfo") && !(extraData.get("extra_pnginfo") instanceof JsonObject)) {
                // breaks GET /api/jobs for every client while the job is in the history (0.33.0)
                throw new IllegalArgumentException("extraData.extra_pnginfo must be a JSON object");
            }
            WorkflowLimits.faultOfInput(extraData).ifPresent(fault -> {
                throw new IllegalArgumentException("extraData " + fault);
            });
        }

        private Object writeReplace() {
            return SerializedRecord.of(this);
        }
    }

    /**
     * A workflow as {@link ComfyUiConnection#queuePrompt(Workflow)} queues it: at the end of the queue, also if ComfyUI can run
     * only a part of it.
     *
     * @param workflow what to run
     * @return the submission
     */
    public static Submission of(Workflow workflow) {
        return builder(workflow).build();
    }

    /**
     * Starts a submission.
     *
     * @param workflow what to run
     * @return a builder with everything else as in {@link #of}
     */
    public static Builder builder(Workflow workflow) {
        return new Builder(workflow);
    }

    /**
     * This submission as the start of another.
     *
     * @return a builder with everything in it
     */
    public Builder toBuilder() {
        return toBuilder(workflow());
    }

    private Builder toBuilder(Workflow workflow) {
        Builder builder = new Builder(workflow);
        builder.tag = values.tag.orElse(null);
        builder.front = values.front;
        builder.number = values.number;
        builder.targets = values.targets;
        builder.previewMethod = values.previewMethod.orElse(null);
        builder.extraData = values.extraData;
        builder.partial = values.partial;
        builder.timeout = values.timeout.orElse(null);
        builder.caller = values.caller.orElse(null);
        builder.required.addAll(values.required);
        builder.restartable = !values.onceOnly;
        return builder;
    }

    /**
     * What to run.
     *
     * @return the workflow
     */
    public Workflow workflow() {
        return values.workflow;
    }

    /**
     * The name by which message-driven beans select jobs. ComfyUI keeps it with the job.
     *
     * @return 1 to 200 characters; empty for none
     */
    public Optional<String> tag() {
        return values.tag;
    }

    /**
     * Whether it goes before all waiting jobs.
     *
     * @return false unless set
     */
    public boolean front() {
        return values.front;
    }

    /**
     * The priority, lowest first, in place of ComfyUI's own count.
     *
     * @return finite; empty for ComfyUI's count
     */
    public OptionalDouble number() {
        return values.number;
    }

    /**
     * The output nodes to run. ComfyUI before 0.3.48 ignores it.
     *
     * @return ids of nodes, unmodifiable; empty for all
     */
    public List<String> targets() {
        return values.targets;
    }

    /**
     * How ComfyUI makes previews of this job (0.5.0 and later).
     *
     * @return {@code none}, {@code auto}, {@code latent2rgb} or {@code taesd}; empty for the setting of ComfyUI
     */
    public Optional<String> previewMethod() {
        return values.previewMethod;
    }

    /**
     * Data that ComfyUI keeps with the job: visible in its queue and history, and partly written into picture files.
     *
     * @return may be empty
     */
    public JsonObject extraData() {
        return values.extraData;
    }

    /**
     * Whether ComfyUI may run a part of the workflow if it cannot run all of it. If not, the adapter cancels such a job
     * at once and rejects it.
     *
     * @return true unless set
     */
    public boolean partial() {
        return values.partial;
    }

    /**
     * The longest time that queueing may take, with all its attempts and waits; it does not limit the job. In a transaction it
     * limits the sending at the commit. With a job store it limits how long the job waits in the store.
     *
     * @return empty for the pool's call timeout, which also caps it
     */
    public Optional<Duration> timeout() {
        return values.timeout;
    }

    /**
     * On whose behalf it is queued, such as a user's name. Only a job store keeps it, and {@link JobQuery} selects jobs by it;
     * ComfyUI does not learn it.
     *
     * @return 1 to 200 characters; empty for none
     */
    public Optional<String> caller() {
        return values.caller;
    }

    /**
     * The tags that the ComfyUI must have which runs it, of those that the administrator has given to the addresses in {@code
     * serverUrl}.
     *
     * @return unmodifiable; empty for any
     */
    public List<String> required() {
        return values.required;
    }

    /**
     * Whether the job may be started again on another ComfyUI of the factory if the one that runs it is lost: it does not
     * answer any more, or was restarted.
     *
     * @return true unless {@link Builder#restartable} says otherwise
     */
    public boolean restartable() {
        return !values.onceOnly;
    }

    /**
     * The same with another workflow.
     *
     * @param workflow what to run
     * @return a new submission
     */
    public Submission withWorkflow(Workflow workflow) {
        return toBuilder(workflow).build();
    }

    /**
     * The same with a tag.
     *
     * @param tag 1 to 200 characters
     * @return a new submission
     */
    public Submission withTag(String tag) {
        return toBuilder().tag(tag).build();
    }

    /**
     * The same before all waiting jobs, or not.
     *
     * @param front not true together with a number
     * @return a new submission
     */
    public Submission withFront(boolean front) {
        return toBuilder().front(front).build();
    }

    /**
     * The same with a priority.
     *
     * @param number lowest first, finite; not together with {@code front}
     * @return a new submission
     */
    public Submission withNumber(double number) {
        return toBuilder().number(number).build();
    }

    /**
     * The same for some output nodes only.
     *
     * @param targets ids of nodes; empty for all
     * @return a new submission
     */
    public Submission withTargets(List<String> targets) {
        return toBuilder().targets(targets).build();
    }

    /**
     * The same with previews.
     *
     * @param method {@code none}, {@code auto}, {@code latent2rgb} or {@code taesd}
     * @return a new submission
     */
    public Submission withPreviewMethod(String method) {
        return toBuilder().previewMethod(method).build();
    }

    /**
     * The same with data for ComfyUI to keep.
     *
     * @param data a JSON object of at most 200 levels; {@code extra_pnginfo} in it must be an object
     * @return a new submission
     */
    public Submission withExtraData(JsonObject data) {
        return toBuilder().extraData(data).build();
    }

    /**
     * The same, allowing ComfyUI to run only a part of the workflow or not.
     *
     * @param partial false for all or nothing: then the job is rejected if ComfyUI accepts only a part
     * @return a new submission
     */
    public Submission withPartial(boolean partial) {
        return toBuilder().partial(partial).build();
    }

    /**
     * The same with a limit for the time that queueing takes.
     *
     * @param timeout not negative; zero fails at once
     * @return a new submission
     */
    public Submission withTimeout(Duration timeout) {
        return toBuilder().timeout(timeout).build();
    }

    /**
     * The same on somebody's behalf.
     *
     * @param caller 1 to 200 characters
     * @return a new submission
     */
    public Submission withCaller(String caller) {
        return toBuilder().caller(caller).build();
    }

    /**
     * The same on a ComfyUI that has a tag, beside those required before.
     *
     * @param tag such as {@code gpu=24g}, as in {@code serverUrl}; 1 to 200 characters
     * @return a new submission
     */
    public Submission withRequired(String tag) {
        return toBuilder().require(tag).build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Submission submission && values.equals(submission.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString().replaceFirst("Values", "Submission");
    }

    /** Collects what a submission says. For one thread. */
    public static final class Builder {
        private final Workflow workflow;
        private String tag;
        private boolean front;
        private OptionalDouble number = OptionalDouble.empty();
        private List<String> targets = List.of();
        private String previewMethod;
        private JsonObject extraData = JsonValue.EMPTY_JSON_OBJECT;
        private boolean partial = true;
        private Duration timeout;
        private String caller;
        private final List<String> required = new ArrayList<>();
        private boolean restartable = true;

        private Builder(Workflow workflow) {
            this.workflow = Objects.requireNonNull(workflow, "workflow");
        }

        /**
         * Sets the {@linkplain Submission#tag() tag}.
         *
         * @param value 1 to 200 characters; null for none
         * @return this
         */
        public Builder tag(String value) {
            tag = value;
            return this;
        }

        /**
         * Sets whether it goes before all waiting jobs.
         *
         * @param value not true together with a number
         * @return this
         */
        public Builder front(boolean value) {
            front = value;
            return this;
        }

        /**
         * Sets the {@linkplain Submission#number() priority}.
         *
         * @param value finite; not together with {@code front}
         * @return this
         */
        public Builder number(double value) {
            number = OptionalDouble.of(value);
            return this;
        }

        /**
         * Sets the {@linkplain Submission#targets() output nodes} to run.
         *
         * @param nodes their ids, in place of those set before; empty for all
         * @return this
         */
        public Builder targets(List<String> nodes) {
            targets = List.copyOf(nodes);
            return this;
        }

        /**
         * Sets the {@linkplain Submission#previewMethod() preview method}.
         *
         * @param method null for the setting of ComfyUI
         * @return this
         */
        public Builder previewMethod(String method) {
            previewMethod = method;
            return this;
        }

        /**
         * Sets the {@linkplain Submission#extraData() data} for ComfyUI to keep.
         *
         * @param data in place of those set before
         * @return this
         */
        public Builder extraData(JsonObject data) {
            extraData = Objects.requireNonNull(data, "data");
            return this;
        }

        /**
         * Sets whether ComfyUI may run a part of the workflow if it cannot run all of it.
         *
         * @param value false for all or nothing
         * @return this
         */
        public Builder partial(boolean value) {
            partial = value;
            return this;
        }

        /**
         * Sets the {@linkplain Submission#timeout() longest time} that queueing may take.
         *
         * @param value not negative; null for the pool's call timeout
         * @return this
         */
        public Builder timeout(Duration value) {
            timeout = value;
            return this;
        }

        /**
         * Sets on {@linkplain Submission#caller() whose behalf} it is queued.
         *
         * @param value 1 to 200 characters; null for none
         * @return this
         */
        public Builder caller(String value) {
            caller = value;
            return this;
        }

        /**
         * Requires a {@linkplain Submission#required() tag} of the ComfyUI that runs it, beside those required before.
         *
         * @param value such as {@code gpu=24g}; 1 to 200 characters
         * @return this
         */
        public Builder require(String value) {
            required.add(Objects.requireNonNull(value, "tag"));
            return this;
        }

        /**
         * Whether the job may be {@linkplain Submission#restartable() started again} on another ComfyUI. Switch it off for a
         * workflow that does something beyond its outputs which must not be done twice, such as a node that sends a mail or
         * pays for an external service: the ComfyUI that does not answer may have done it, and may go on with it.
         *
         * @param value true by default
         * @return this
         */
        public Builder restartable(boolean value) {
            restartable = value;
            return this;
        }

        /**
         * Makes the submission.
         *
         * @return immutable
         * @throws IllegalArgumentException if a value is out of its range, or two exclude each other; the message names them
         */
        public Submission build() {
            return new Submission(new Values(
                    workflow,
                    Optional.ofNullable(tag),
                    front,
                    number,
                    targets,
                    Optional.ofNullable(previewMethod),
                    extraData,
                    partial,
                    Optional.ofNullable(timeout),
                    Optional.ofNullable(caller),
                    required,
                    !restartable));
        }
    }
}
