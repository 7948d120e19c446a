package org.genaiconnector.testkit;

import java.time.Duration;

/**
 * A fault of an event stream; an answer that is no {@code text/event-stream} passes unharmed. Their promises are those
 * of {@link Fault}'s methods.
 */
sealed interface StreamFault extends Fault {

    /**
     * Says by one call to the stream what becomes of an event.
     *
     * @param number its position, from 1
     * @param event its lines, with the blank one at the end
     */
    void at(int number, String event, BrokenStream stream);

    @Override
    default void meet(Exchange exchange) throws Exception {
        exchange.passTo(new BrokenStream(exchange, this));
    }

    /** Up to so many events go out, then this text, then comes the end. */
    record Stop(int events, String text, End end) implements StreamFault {
        @Override
        public void at(int number, String event, BrokenStream stream) {
            if (number <= events) {
                stream.pass(event);
            } else {
                stream.stop(text, end);
            }
        }
    }

    record NoTerminator() implements StreamFault {
        @Override
        public void at(int number, String event, BrokenStream stream) {
            if (!event.startsWith("data: [DONE]") && !event.startsWith("event: message_stop")) {
                stream.pass(event);
            }
        }
    }

    record Endless(int events, Duration every) implements StreamFault {
        @Override
        public void at(int number, String event, BrokenStream stream) {
            if (number < events) {
                stream.pass(event);
            } else {
                stream.repeat(event, every);
            }
        }
    }
}
