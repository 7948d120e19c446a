package org.genaiconnector.testkit;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;

/** The faults that know nothing of the content of an answer. Their promises are those of {@link Fault}'s methods. */
final class WireFaults {
    private WireFaults() {}

    record None() implements Fault {
        @Override
        public void meet(Exchange exchange) throws Exception {
            exchange.pass();
        }
    }

    record Drop(End end) implements Fault {
        @Override
        public void meet(Exchange exchange) {
            exchange.drop(end);
        }
    }

    record Cut(long bytes, End end) implements Fault {
        @Override
        public void meet(Exchange exchange) throws Exception {
            exchange.wire().output(Output.cut(exchange.wire(), bytes, end));
            exchange.pass();
        }
    }

    record Raw(byte[] bytes, End end) implements Fault {
        @Override
        public void meet(Exchange exchange) {
            exchange.replace(ByteBuffer.wrap(bytes), end);
        }
    }

    record WrongLength(int difference, End end) implements Fault {
        @Override
        public void meet(Exchange exchange) throws Exception {
            exchange.passTo(new MisstatedResponse(exchange, this));
        }
    }

    record Drip(int bytes, Duration every) implements Fault {
        Drip {
            if (bytes < 1) {
                throw new IllegalArgumentException("a drip has at least one byte, not " + bytes);
            }
        }

        @Override
        public void meet(Exchange exchange) throws Exception {
            exchange.wire().output(Output.drip(exchange, bytes, every));
            exchange.pass();
        }
    }

    record Silence(Duration limit) implements Fault {
        @Override
        public void meet(Exchange exchange) {
            Runnable close = () -> exchange.drop(End.CLOSE);
            exchange.later(limit, close, close);
        }
    }

    record Delayed(Duration delay, Fault then) implements Fault {
        @Override
        public void meet(Exchange exchange) {
            exchange.meetLater(delay, then);
        }
    }

    record IdleClose(Duration idle) implements Fault {
        @Override
        public void meet(Exchange exchange) throws Exception {
            exchange.wire().limitIdle(idle);
            exchange.pass();
        }
    }

    record ConnectionClose() implements Fault {
        @Override
        public void meet(Exchange exchange) throws Exception {
            exchange.response().getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
            exchange.pass();
        }
    }
}
