package org.genaiconnector.ra.comfyui.wire;

import java.nio.ByteBuffer;
import java.util.List;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Opcode;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.exceptions.LimitExceededException;
import org.java_websocket.framing.Framedata;

/**
 * RFC 6455 with a limit on messages, of however many fragments: the library has one on frames, and looks at the sum of
 * fragments only with the last one. What breaks the protocol is thrown as {@link Violation}, which the library would log
 * with a stack trace each time.
 */
final class BoundedDraft extends Draft_6455 {
    private final int most;
    private long fragments;

    /** What was received is not what the protocol allows. */
    static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient InvalidDataException reason;

        private Violation(InvalidDataException reason) {
            super(reason.getMessage(), reason);
            this.reason = reason;
        }

        InvalidDataException reason() {
            return reason;
        }
    }

    /** @param most bytes of a message */
    BoundedDraft(int most) {
        super(List.of(), most);
        this.most = most;
    }

    @Override
    public Draft copyInstance() {
        return new BoundedDraft(most);
    }

    @Override
    public List<Framedata> translateFrame(ByteBuffer buffer) throws InvalidDataException {
        try {
            return super.translateFrame(buffer);
        } catch (InvalidDataException e) {
            throw new Violation(e);
        }
    }

    @Override
    public void processFrame(WebSocketImpl socket, Framedata frame) throws InvalidDataException {
        try {
            limit(frame);
            super.processFrame(socket, frame);
        } catch (InvalidDataException e) {
            throw new Violation(e);
        }
    }

    private void limit(Framedata frame) throws LimitExceededException {
        boolean isData = frame.getOpcode() == Opcode.TEXT
                || frame.getOpcode() == Opcode.BINARY
                || frame.getOpcode() == Opcode.CONTINUOUS;
        if (!isData) {
            return;
        }
        fragments = frame.getOpcode() == Opcode.CONTINUOUS ? fragments : 0;
        fragments += frame.getPayloadData().remaining();
        if (fragments > most) {
            throw new LimitExceededException("a message of more than " + most + " bytes", most);
        }
    }
}
