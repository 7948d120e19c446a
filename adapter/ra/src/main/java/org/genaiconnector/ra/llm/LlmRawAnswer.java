package org.genaiconnector.ra.llm;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.RawAnswer;
import org.genaiconnector.ra.connection.StreamedResult;
import org.genaiconnector.ra.http.HttpSettings;
import org.genaiconnector.ra.http.OpenAnswer;

/** An answer that the caller decodes. */
final class LlmRawAnswer implements RawAnswer, StreamedResult {
    private final OpenAnswer answer;

    private LlmRawAnswer(OpenAnswer answer) {
        this.answer = answer;
    }

    static LlmRawAnswer of(OpenAnswer answer) {
        answer.limit(HttpSettings.MAX_STREAM);
        return new LlmRawAnswer(answer);
    }

    @Override
    public int status() {
        return answer.status();
    }

    @Override
    public Map<String, List<String>> headers() {
        return answer.headers();
    }

    @Override
    public InputStream content() {
        return answer.content();
    }

    @Override
    public void close() {
        answer.close();
    }

    @Override
    public void whenEnded(Consumer<Optional<GenAiException>> listener) {
        answer.whenEnded(listener);
    }
}
