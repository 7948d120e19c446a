package org.genaiconnector.testkit;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;

/**
 * A request that is being served, with everything that a fault can do to it.
 *
 * @param server the simulator's own handler
 * @param releasesSeen how often held requests had been released when this one came
 */
record Exchange(
        Request request,
        Response response,
        Callback callback,
        FaultyEndPoint wire,
        Request.Handler server,
        Waits waits,
        int releasesSeen) {

    /** Lets the simulator answer. */
    void pass() throws Exception {
        passTo(response);
    }

    /** Lets the simulator answer through a response that changes the answer. */
    void passTo(Response wrapper) throws Exception {
        if (!server.handle(request, wrapper, callback)) {
            Response.writeError(request, wrapper, callback, 404);
        }
    }

    /** Answers in place of the simulator. */
    void answer(Fault.Answer answer) {
        response.setStatus(answer.status());
        answer.headers().forEach(header -> response.getHeaders().add(header.name(), header.value()));
        response.write(true, ByteBuffer.wrap(answer.body()), callback);
    }

    /** Ends the connection without an answer. */
    void drop(End end) {
        wire.end(end);
        callback.succeeded();
    }

    /** Sends bytes instead of the answer that the simulator writes. */
    void replace(ByteBuffer bytes, End end) {
        Runnable done = () -> {
            wire.end(end);
            callback.succeeded();
        };
        wire.replaceAnswer(bytes, Callback.from(done, callback::failed));
    }

    /** Continues after a delay, or with something else if the wait is released early. */
    void later(Duration delay, Runnable onTime, Runnable onRelease) {
        waits.start(jetty(), releasesSeen, delay, onTime, onRelease);
    }

    /** Meets another fault after a delay, or as soon as the wait is released. */
    void meetLater(Duration delay, Fault fault) {
        Runnable go = () -> {
            try {
                fault.meet(this);
            } catch (Exception e) { // no other code on this thread answers the client
                Response.writeError(request, response, callback, e);
            }
        };
        later(delay, go, go);
    }

    Server jetty() {
        return request.getConnectionMetaData().getConnector().getServer();
    }
}
