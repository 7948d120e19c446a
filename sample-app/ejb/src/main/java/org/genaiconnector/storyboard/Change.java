package org.genaiconnector.storyboard;

/** The newest state of something, and the number of the change that brought it. */
public sealed interface Change {

    /**
     * Its place among all changes.
     *
     * @return from 1
     */
    long number();

    /**
     * What has changed: of two changes with the same key only the newer one matters.
     *
     * @return equal for changes of the same thing
     */
    String key();

    /** A job has changed. */
    record OfJob(long number, JobSnapshot job) implements Change {
        @Override
        public String key() {
            return key(job.status().id());
        }

        static String key(String id) {
            return "job " + id;
        }
    }

    /** A story has changed. */
    record OfStory(long number, StoryView story) implements Change {
        @Override
        public String key() {
            return "story " + story.id();
        }
    }

    /** A backend has begun or ceased to answer. */
    record OfBackend(long number, Probe probe) implements Change {
        @Override
        public String key() {
            return "backend " + probe.backend();
        }
    }
}
