package org.genaiconnector.tests.docs.batch;

import jakarta.batch.api.chunk.AbstractItemReader;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.concurrent.atomic.AtomicBoolean;

/** Items of a batch whose second chunk cannot be committed at first. */
@Named("scenes")
@Dependent
public class Scenes extends AbstractItemReader {
    private static final int ALL = 45;
    private static final int SECOND_CHUNK = 40;
    private static final AtomicBoolean FAILS = new AtomicBoolean(true);

    private int next;

    @Override
    public void open(Serializable checkpoint) {
        next = checkpoint == null ? 0 : (Integer) checkpoint;
    }

    @Override
    public Object readItem() {
        return next < ALL ? "scene " + next++ : null;
    }

    /** Asked after the chunk has been written, in its transaction. */
    @Override
    public Serializable checkpointInfo() {
        if (next == SECOND_CHUNK && FAILS.getAndSet(false)) {
            throw new IllegalStateException("the second chunk fails once");
        }
        return next;
    }
}
