package org.genaiconnector.storyboard.web;

import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.StreamEvent;
import org.genaiconnector.storyboard.Failure;

/**
 * A streamed answer as server-sent events: {@code delta} for every piece of text, {@code done} with finish reason and usage,
 * or {@code error}. When the client is gone the next write fails, and closing the stream stops the model.
 */
final class ChatEvents implements StreamingOutput {
    private final ChatStream stream;

    /** Takes the stream over, and closes it when everything is written or the client has gone. */
    ChatEvents(ChatStream stream) {
        this.stream = stream;
    }

    @Override
    public void write(OutputStream out) throws IOException {
        try (stream) {
            while (stream.hasNext()) {
                StreamEvent event = stream.next();
                if (event instanceof StreamEvent.Text text) {
                    send(out, "delta", Map.of("text", text.text()));
                } else if (event instanceof StreamEvent.End end) {
                    send(out, "done", AnswerJson.of(end.response()));
                }
            }
        } catch (GenAiException e) {
            send(out, "error", ErrorJson.of(Failure.of(e).orElseThrow()));
        }
    }

    private static void send(OutputStream out, String name, Object data) throws IOException {
        out.write(("event: " + name + "\ndata: " + JsonConfiguration.write(data) + "\n\n")
                .getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
