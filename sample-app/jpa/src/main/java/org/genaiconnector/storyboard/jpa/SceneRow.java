package org.genaiconnector.storyboard.jpa;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.Optional;
import org.genaiconnector.storyboard.StoryRecord.SceneRecord;

/** A scene in its table. */
@Embeddable
class SceneRow {

    private String text;
    private int attempt;
    private boolean cancelled;

    /** Only to be read by people; it is in the status, too. */
    @Column(name = "job_id")
    private String jobId;

    private String job;
    private String failure;

    /** For JPA. */
    SceneRow() {}

    SceneRow(SceneRecord scene) {
        text = StoryRow.storable(scene.text());
        attempt = scene.attempt();
        cancelled = scene.cancelled();
        jobId = scene.job().map(status -> status.id()).orElse(null);
        job = scene.job().map(Texts::ofStatus).orElse(null);
        failure = scene.failure().map(Texts::ofFailure).orElse(null);
    }

    SceneRecord scene() {
        return new SceneRecord(
                text,
                attempt,
                cancelled,
                Optional.ofNullable(job).map(Texts::status),
                Optional.ofNullable(failure).map(Texts::failure));
    }
}
