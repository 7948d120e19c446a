package org.genaiconnector.storyboard.jpa;

/** What JPA's own language cannot say: who has which story. Only the database's clock counts. */
final class StoryStatements {

    static final String RENEW = """
            UPDATE storyboard_instance SET lease_until = CURRENT_TIMESTAMP + INTERVAL '15' SECOND WHERE id = ?""";

    static final String REGISTER = """
            INSERT INTO storyboard_instance (id, lease_until) VALUES (?, CURRENT_TIMESTAMP + INTERVAL '15' SECOND)""";

    static final String UNREGISTER = "DELETE FROM storyboard_instance WHERE id = ?";

    /** Of Storyboards that ended without a word; one that wakes up registers again. */
    static final String FORGET = """
            DELETE FROM storyboard_instance WHERE lease_until < CURRENT_TIMESTAMP - INTERVAL '1' DAY""";

    /**
     * Of all stories: id, revision, owner, whether something of it may be going on (1; pictures of a cancelled one end a little
     * later), whether the owner is alive (1).
     */
    static final String MARKS = """
            SELECT s.id, s.revision, s.owner, CASE WHEN s.state IN ('RUNNING', 'CANCELLED') THEN 1 ELSE 0 END,
              CASE WHEN i.id IS NULL THEN 0 ELSE 1 END
            FROM storyboard_story s
            LEFT JOIN storyboard_instance i ON i.id = s.owner AND i.lease_until > CURRENT_TIMESTAMP
            ORDER BY s.begun, s.id""";

    static final String OWN = "SELECT id FROM storyboard_story WHERE id = ? AND owner = ?";

    /** Of several Storyboards one gets it, and none waits for one that stands still. */
    static final String LOCK = """
            SELECT id FROM storyboard_story WHERE id = ? AND revision = ? FOR UPDATE SKIP LOCKED""";

    static final String CLAIM = "UPDATE storyboard_story SET owner = ?, revision = revision + 1 WHERE id = ?";

    /** Hits no row if another Storyboard has it. */
    static final String CHANGE = "UPDATE storyboard_story SET revision = revision + 1 WHERE id = ? AND owner = ?";

    static final String DELETABLE = """
            SELECT id FROM storyboard_story WHERE id = ? AND (state <> 'RUNNING' OR owner = ?)""";

    /** On PostgreSQL: a Storyboard that stands still in a transaction does not make the others wait for long. */
    static final String LIMITS = """
            SELECT set_config('lock_timeout', '2000', true), set_config('idle_in_transaction_session_timeout', '10000', true)""";

    private StoryStatements() {}
}
