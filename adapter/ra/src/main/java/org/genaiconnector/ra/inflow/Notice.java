package org.genaiconnector.ra.inflow;

import java.lang.reflect.Method;
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

/** Something that a bean is to be told: one call of one method of its listener interface. */
sealed interface Notice {
    /** Of the job. */
    String jobId();

    /** The method that {@link #tell} calls. */
    Method method();

    /** Calls it. */
    void tell(ComfyUiJobListener bean);

    /** For operators. */
    String describe();

    /**
     * The end of a job, which must arrive.
     *
     * @param delivery 1 for the first
     */
    record End(JobUpdate news, int delivery) implements Notice {
        private static final Map<JobState, Method> METHODS = new EnumMap<>(Map.of(
                JobState.COMPLETED, Methods.of("onCompleted", JobEvent.class),
                JobState.FAILED, Methods.of("onFailed", JobEvent.class),
                JobState.CANCELLED, Methods.of("onCancelled", JobEvent.class),
                JobState.REJECTED, Methods.of("onRejected", JobEvent.class),
                JobState.LOST, Methods.of("onLost", JobEvent.class)));

        /** Of memory. */
        long bytes() {
            return Footprint.of(news.status());
        }

        /** The same delivery, with other words for the same. */
        End with(JobUpdate same) {
            return new End(same, delivery);
        }

        End next() {
            return new End(news, delivery + 1);
        }

        @Override
        public String jobId() {
            return news.status().id();
        }

        /** The same for ever, whoever tells it and however often. */
        String eventId() {
            return jobId() + ":end";
        }

        @Override
        public Method method() {
            return METHODS.get(news.status().state());
        }

        @Override
        public void tell(ComfyUiJobListener bean) {
            JobEvent event = new JobEvent(eventId(), news.server(), news.tag(), news.status(), delivery);
            switch (news.status().state()) {
                case COMPLETED -> bean.onCompleted(event);
                case FAILED -> bean.onFailed(event);
                case CANCELLED -> bean.onCancelled(event);
                case REJECTED -> bean.onRejected(event);
                case LOST -> bean.onLost(event);
                case PENDING, RUNNING -> throw new IllegalStateException("Not an end: " + news);
            }
        }

        @Override
        public String describe() {
            return "the end (" + news.status().state() + ", event " + eventId() + ") of job " + jobId() + " on "
                    + news.server();
        }
    }

    /** News of a job that goes on. */
    record Progress(JobUpdate news) implements Notice {
        private static final Method METHOD = Methods.of("onProgress", JobEvent.class);

        @Override
        public String jobId() {
            return news.status().id();
        }

        @Override
        public Method method() {
            return METHOD;
        }

        @Override
        public void tell(ComfyUiJobListener bean) {
            String id = jobId() + ":" + UUID.randomUUID();
            bean.onProgress(new JobEvent(id, news.server(), news.tag(), news.status(), 1));
        }

        @Override
        public String describe() {
            return "the progress of job " + jobId() + " on " + news.server();
        }
    }

    /** A picture of a job that goes on. */
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
        public void tell(ComfyUiJobListener bean) {
            bean.onPreview(picture);
        }

        @Override
        public String describe() {
            return "a preview of job " + jobId() + " on " + picture.server();
        }
    }

    /** A notice for some news. */
    static Notice of(JobUpdate news, Optional<Integer> earlierDeliveries) {
        return news.isEnd() ? new End(news, earlierDeliveries.orElse(0) + 1) : new Progress(news);
    }

    /** The methods of the listener interface, which containers want to be told before the call. */
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
