package org.genaiconnector.ra.inflow;

import java.lang.reflect.Method;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.genaiconnector.comfyui.ComfyUiJobListener;
import org.genaiconnector.comfyui.JobEvent;
import org.genaiconnector.comfyui.JobPreview;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.ra.comfyui.jobs.Footprint;
import org.genaiconnector.ra.comfyui.jobs.JobUpdate;
import org.genaiconnector.ra.comfyui.jobs.Submitter;
import org.genaiconnector.ra.comfyui.store.DeliveryRow;

/** A notice for a bean: one call of one method of its listener interface. */
sealed interface Notice {
    /** The job that it is about. */
    String jobId();

    /** The caller of its submission; empty if there was none, or none is known. */
    default Optional<String> caller() {
        return Optional.empty();
    }

    /** The method that {@link #call} calls. */
    Method method();

    /** Calls the method. */
    void call(ComfyUiJobListener bean);

    /** The notice in words that fit into the middle of a sentence. */
    String describe();

    /**
     * The end of a job, which is redelivered until the bean has taken it.
     *
     * @param delivery number of the delivery, from 1
     * @param stored the delivery in a job store that this is; empty for an end that is only in memory
     */
    record End(JobUpdate update, int delivery, Optional<DeliveryRow> stored) implements Notice {
        private static final Map<JobState, Method> METHODS = new EnumMap<>(Map.of(
                JobState.COMPLETED, Methods.of("onCompleted", JobEvent.class),
                JobState.FAILED, Methods.of("onFailed", JobEvent.class),
                JobState.CANCELLED, Methods.of("onCancelled", JobEvent.class),
                JobState.REJECTED, Methods.of("onRejected", JobEvent.class),
                JobState.LOST, Methods.of("onLost", JobEvent.class)));

        /** One that is only in memory. */
        End(JobUpdate update, int delivery) {
            this(update, delivery, Optional.empty());
        }

        /** One that was taken out of a job store. */
        End(DeliveryRow row) {
            this(
                    new JobUpdate(
                            URI.create(row.job().backend()),
                            row.job().tag(),
                            true,
                            row.job().status(),
                            new Submitter(row.job().caller(), Optional.empty())),
                    row.attempts(),
                    Optional.of(row));
        }

        /** The memory that it takes. */
        long bytes() {
            return Footprint.of(update.status());
        }

        /** The same delivery with or without the job's outputs. */
        End with(JobUpdate same) {
            return new End(same, delivery, stored);
        }

        End next() {
            return new End(update, delivery + 1, stored);
        }

        @Override
        public String jobId() {
            return update.status().id();
        }

        @Override
        public Optional<String> caller() {
            return update.submitter().caller();
        }

        /** The same in every delivery of this end, to any bean. */
        String eventId() {
            return jobId() + ":end";
        }

        @Override
        public Method method() {
            return METHODS.get(update.status().state());
        }

        @Override
        public void call(ComfyUiJobListener bean) {
            JobEvent event =
                    new JobEvent(eventId(), update.server(), update.tag(), update.status(), delivery, caller());
            switch (update.status().state()) {
                case COMPLETED -> bean.onCompleted(event);
                case FAILED -> bean.onFailed(event);
                case CANCELLED -> bean.onCancelled(event);
                case REJECTED -> bean.onRejected(event);
                case LOST -> bean.onLost(event);
                case PENDING, RUNNING -> throw new IllegalStateException("Not an end: " + update);
            }
        }

        @Override
        public String describe() {
            return "the end (" + update.status().state() + ", event " + eventId() + ") of job " + jobId() + " on "
                    + update.server();
        }
    }

    /** The progress of a job. */
    record Progress(JobUpdate update) implements Notice {
        private static final Method METHOD = Methods.of("onProgress", JobEvent.class);

        @Override
        public Optional<String> caller() {
            return update.submitter().caller();
        }

        @Override
        public String jobId() {
            return update.status().id();
        }

        @Override
        public Method method() {
            return METHOD;
        }

        @Override
        public void call(ComfyUiJobListener bean) {
            String id = jobId() + ":" + UUID.randomUUID();
            bean.onProgress(new JobEvent(id, update.server(), update.tag(), update.status(), 1, caller()));
        }

        @Override
        public String describe() {
            return "the progress of job " + jobId() + " on " + update.server();
        }
    }

    /** A preview image of a job. */
    record Preview(JobPreview picture) implements Notice {
        private static final Method METHOD = Methods.of("onPreview", JobPreview.class);

        @Override
        public String jobId() {
            return picture.jobId();
        }

        @Override
        public Method method() {
            return METHOD;
        }

        @Override
        public void call(ComfyUiJobListener bean) {
            bean.onPreview(picture);
        }

        @Override
        public String describe() {
            return "a preview of job " + jobId() + " on " + picture.server();
        }
    }

    /** The notice of a job's end or progress. */
    static Notice of(JobUpdate update, Optional<Integer> earlierDeliveries) {
        return update.isEnd() ? new End(update, earlierDeliveries.orElse(0) + 1) : new Progress(update);
    }

    /** Methods of the listener interface, which application servers have to know before the call. */
    final class Methods {
        private Methods() {}

        private static Method of(String name, Class<?> event) {
            try {
                return ComfyUiJobListener.class.getMethod(name, event);
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
