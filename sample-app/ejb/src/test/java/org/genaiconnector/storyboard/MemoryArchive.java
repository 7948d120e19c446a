package org.genaiconnector.storyboard;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An archive in memory, as one Storyboard of several sees it, which can be down. */
class MemoryArchive implements StoryArchive {

    /** What several Storyboards share. */
    static final class Database {
        final Map<String, Row> rows = new LinkedHashMap<>();
        final Set<String> alive = new HashSet<>();
    }

    record Row(StoryRecord story, String owner, long revision) {}

    final Database database;
    final List<String> refused = new ArrayList<>();
    int saved;
    boolean down;
    private final String name;
    private final boolean shared;

    MemoryArchive(Database database, String name, boolean shared) {
        this.database = database;
        this.name = name;
        this.shared = shared;
    }

    static MemoryArchive exclusive() {
        return new MemoryArchive(new Database(), "only one", false);
    }

    static MemoryArchive shared(Database database, String name) {
        return new MemoryArchive(database, name, true);
    }

    @Override
    public boolean isShared() {
        return shared;
    }

    @Override
    public List<Mark> renew() throws StoryArchiveException {
        check("");
        if (shared) {
            database.alive.add(name);
        }
        return database.rows.values().stream().map(this::mark).toList();
    }

    private Mark mark(Row row) {
        return new Mark(
                row.story().id(),
                row.revision(),
                name.equals(row.owner()),
                Set.of(Story.State.RUNNING, Story.State.CANCELLED)
                                .contains(row.story().state())
                        && !database.alive.contains(row.owner()));
    }

    @Override
    public Optional<StoryRecord> find(String id) throws StoryArchiveException {
        check(id);
        return Optional.ofNullable(database.rows.get(id)).map(Row::story);
    }

    @Override
    public boolean isOwn(String id) throws StoryArchiveException {
        check(id);
        return database.rows.containsKey(id)
                && name.equals(database.rows.get(id).owner());
    }

    @Override
    public Optional<StoryRecord> claim(String id) throws StoryArchiveException {
        check(id);
        Optional<StoryRecord> found = find(id);
        found.ifPresent(this::put);
        return found;
    }

    @Override
    public Optional<StoryRecord> claim(Mark abandoned) throws StoryArchiveException {
        check(abandoned.id());
        Row row = database.rows.get(abandoned.id());
        return row == null || row.revision() != abandoned.revision() ? Optional.empty() : claim(abandoned.id());
    }

    @Override
    public void add(StoryRecord story) throws StoryArchiveException {
        check(story.id());
        put(story);
    }

    @Override
    public boolean save(StoryRecord story) throws StoryArchiveException {
        if (!isOwn(story.id())) {
            return false;
        }
        put(story);
        saved++;
        return true;
    }

    private void put(StoryRecord story) {
        Row before = database.rows.get(story.id());
        database.rows.put(story.id(), new Row(story, name, before == null ? 0 : before.revision() + 1));
    }

    @Override
    public void delete(String id) throws StoryArchiveException {
        check(id);
        database.rows.remove(id);
    }

    /** As a run of before has left it. */
    void keep(StoryRecord story) {
        database.rows.put(story.id(), new Row(story, "of before", 0));
    }

    private void check(String id) throws StoryArchiveException {
        if (down || refused.contains(id)) {
            throw new StoryArchiveException("Connection refused", new IllegalStateException());
        }
    }
}
