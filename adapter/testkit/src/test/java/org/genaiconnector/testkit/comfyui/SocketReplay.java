package org.genaiconnector.testkit.comfyui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One socket of a replay. All messages must come in recorded order but the status ones: these are sent when the queue
 * changes, which the worker and the clients do independently, so only their number counts.
 */
final class SocketReplay {
    private final Replay replay;
    private final TestSocket socket;
    private final List<Trace.Line> expected = new ArrayList<>();
    private int expectedStatuses;
    private int recordedAtStart;

    SocketReplay(Replay replay, TestSocket socket) {
        this.replay = replay;
        this.socket = socket;
    }

    void send(String message) {
        socket.send(message);
    }

    void expect(Trace.Line line) {
        if (line.body().path("type").asText().equals("status")) {
            expectedStatuses++;
            if (line.body().path("data").has("sid")) {
                recordedAtStart = remaining(line.body());
            }
        } else {
            expected.add(line);
        }
    }

    /** Waits for as many messages as were recorded so far. */
    void catchUp() {
        if (!socket.await(all ->
                !all.isEmpty() && events(all).size() >= expected.size() && statuses(all) >= expectedStatuses(all))) {
            Trace.Line last = expected.get(expected.size() - 1);
            fail(replay.where(last) + ": no such message in time; got " + socket.messages());
        }
    }

    private static List<Object> events(List<Object> messages) {
        return messages.stream()
                .filter(message -> !(message instanceof String text && isStatus(text)))
                .toList();
    }

    private static long statuses(List<Object> messages) {
        return messages.size() - events(messages).size();
    }

    /**
     * As many as recorded, less those about the end of jobs that still ran from an earlier recording when this one
     * began.
     */
    private int expectedStatuses(List<Object> messages) {
        try {
            int before = recordedAtStart - remaining(Json.parse(String.valueOf(messages.get(0))));
            return expectedStatuses - Math.max(0, before);
        } catch (JsonProcessingException e) {
            throw new AssertionError("Not JSON: " + messages.get(0), e);
        }
    }

    private static int remaining(JsonNode status) {
        return status.at("/data/status/exec_info/queue_remaining").intValue();
    }

    private static boolean isStatus(String message) {
        return message.startsWith("{\"type\": \"status\"");
    }

    /** Ends the socket as recorded and compares all that it got. */
    void close(Trace.Line line) throws JsonProcessingException {
        catchUp();
        if (line.json().get("code").intValue() == TestSocket.BROKEN) {
            assertThat(socket.awaitClose()).as(replay.where(line)).isEqualTo(TestSocket.BROKEN);
        } else {
            socket.close();
        }
        List<Object> messages = socket.messages();
        List<Object> events = events(messages);
        assertThat(String.valueOf(messages.get(0))).as("first message").contains("\"sid\": ");
        for (int i = 0; i < Math.min(events.size(), expected.size()); i++) {
            Optional<String> difference = difference(expected.get(i), events.get(i));
            if (difference.isPresent()) {
                fail(replay.where(expected.get(i)) + ": " + difference.get());
            }
        }
        // A process that is killed may have sent some more of what came next
        if (line.json().get("code").intValue() != TestSocket.BROKEN) {
            assertThat(events).as(replay.where(line)).hasSameSizeAs(expected);
            assertThat(statuses(messages))
                    .as(replay.where(line) + ", status messages")
                    .isEqualTo(expectedStatuses(messages));
        }
    }

    private Optional<String> difference(Trace.Line recorded, Object actual) throws JsonProcessingException {
        if (actual instanceof String text && recorded.dir().equals("ws-in-text")) {
            return replay.difference(Trace.value(recorded.body()), Json.parse(text));
        }
        if (actual instanceof byte[] frame && recorded.dir().equals("ws-in-binary")) {
            return replay.difference(recorded, frame);
        }
        return Optional.of("recorded " + recorded.json() + " but got " + actual);
    }
}
