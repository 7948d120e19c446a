package org.genaiconnector.ra.http;

import java.net.URI;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.telemetry.Span;
import org.genaiconnector.ra.telemetry.Telemetry;

/** The spans of attempts, by the conventions for HTTP clients. They end with the head of the answer. */
final class AttemptSpan {

    private AttemptSpan() {}

    /** @param sending 1 for the first request of a call */
    static Span begin(Telemetry telemetry, HttpCall call, HttpSettings limits, int sending) {
        Span span = telemetry.start(Telemetry.Kind.CLIENT, call.method());
        if (span.isRecording()) {
            URI server = limits.server();
            span.set("http.request.method", call.method())
                    .set("server.address", server.getHost())
                    .set("server.port", Telemetry.port(server))
                    // without the query, which may hold a token
                    .set("url.full", server.getScheme() + "://" + server.getRawAuthority() + call.resource());
            if (sending > 1) {
                span.set("http.request.resend_count", sending - 1);
            }
        }
        return span;
    }

    /** The headers of a connection, with the context of the span if the backend may see it. */
    static Map<String, String> headers(Telemetry telemetry, Map<String, String> headers, HttpSettings limits) {
        if (!limits.transport().traced()) {
            return headers;
        }
        Map<String, String> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        all.putAll(headers);
        telemetry.inject(all);
        return all;
    }

    static void failed(Span span, Exception failure) {
        OptionalInt status = failure instanceof GenAiException refusal ? refusal.status() : OptionalInt.empty();
        status.ifPresent(code -> span.set("http.response.status_code", code));
        // the words of other exceptions have not passed the gate for foreign text
        String words = failure instanceof GenAiException ? failure.getMessage() : "";
        span.fail(status.isPresent() ? Integer.toString(status.getAsInt()) : Span.typeOf(failure), words);
    }
}
