package org.genaiconnector.storyboard.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import org.genaiconnector.GenAiException;

/**
 * {@code /api/events}: all events on one stream, because browsers open at most six connections to a host for all tabs
 * together.
 */
@Path("events")
@RequestScoped
public class EventsResource {

    @Inject
    private EventStreams streams;

    /** Tells every change of jobs ({@code job}), stories ({@code story}) and backends ({@code backend}). */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public void events(
            @HeaderParam(HttpHeaders.LAST_EVENT_ID_HEADER) String lastEventId,
            @Context SseEventSink sink,
            @Context Sse sse)
            throws GenAiException {
        streams.sendAll(lastEventId, sink, sse);
    }
}
