package org.genaiconnector.storyboard.jpa;

import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.storyboard.Story;
import org.genaiconnector.storyboard.StoryRecord;
import org.genaiconnector.storyboard.StoryRequest;

/** A story in its table. */
@Entity
@Table(name = "storyboard_story")
class StoryRow {

    /** In this order they are made, unless they are there. */
    static final List<String> TABLES = List.of("""
            CREATE TABLE IF NOT EXISTS storyboard_story (
              id VARCHAR(36) NOT NULL PRIMARY KEY, begun BIGINT NOT NULL, idea VARCHAR(10000) NOT NULL, length INT NOT NULL,
              template VARCHAR(1000) NOT NULL, parameters VARCHAR(1000000) NOT NULL, state VARCHAR(20) NOT NULL,
              writings INT NOT NULL, cancelled BOOLEAN NOT NULL, failure VARCHAR(1000000))""", """
            ALTER TABLE storyboard_story ADD COLUMN IF NOT EXISTS owner VARCHAR(36)""", """
            ALTER TABLE storyboard_story ADD COLUMN IF NOT EXISTS revision BIGINT DEFAULT 0 NOT NULL""", """
            CREATE TABLE IF NOT EXISTS storyboard_instance (
              id VARCHAR(36) NOT NULL PRIMARY KEY, lease_until TIMESTAMP WITH TIME ZONE NOT NULL)""", """
            CREATE TABLE IF NOT EXISTS storyboard_scene (
              story_id VARCHAR(36) NOT NULL REFERENCES storyboard_story (id), position INT NOT NULL,
              text VARCHAR(1000000) NOT NULL, attempt INT NOT NULL, cancelled BOOLEAN NOT NULL, job_id VARCHAR(100),
              job VARCHAR(1000000), failure VARCHAR(1000000), PRIMARY KEY (story_id, position))""");

    @Id
    private String id;

    /** The Storyboard that may change it; the archive's statements set it and the next. */
    @Column(updatable = false)
    private String owner;

    @Column(updatable = false)
    private long revision;

    /** Microseconds since 1970. */
    private long begun;

    private String idea;
    private int length;
    private String template;
    private String parameters;
    private String state;
    private int writings;
    private boolean cancelled;
    private String failure;

    @ElementCollection(fetch = FetchType.EAGER)
    @CollectionTable(name = "storyboard_scene", joinColumns = @JoinColumn(name = "story_id"))
    @OrderColumn(name = "position")
    private List<SceneRow> scenes = new ArrayList<>();

    /** For JPA. */
    StoryRow() {}

    StoryRow(StoryRecord story, String owner) {
        id = story.id();
        this.owner = owner;
        begun = story.begun().getEpochSecond() * 1_000_000 + story.begun().getNano() / 1_000;
        idea = storable(story.request().idea());
        length = story.request().scenes();
        template = story.request().template();
        parameters = Texts.ofParameters(story.request().parameters());
        state = story.state().name();
        writings = story.writings();
        cancelled = story.cancelled();
        failure = story.failure().map(Texts::ofFailure).orElse(null);
        story.scenes().forEach(scene -> scenes.add(new SceneRow(scene)));
    }

    /** PostgreSQL takes every character but this one. */
    static String storable(String text) {
        return text.replace("\0", "");
    }

    StoryRecord story() {
        return new StoryRecord(
                id,
                new StoryRequest(idea, length, template, Texts.parameters(parameters)),
                Instant.ofEpochSecond(begun / 1_000_000, begun % 1_000_000 * 1_000),
                Story.State.valueOf(state),
                writings,
                cancelled,
                scenes.stream().map(SceneRow::scene).toList(),
                Optional.ofNullable(failure).map(Texts::failure));
    }
}
