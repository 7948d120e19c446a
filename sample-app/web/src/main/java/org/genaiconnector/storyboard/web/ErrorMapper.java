package org.genaiconnector.storyboard.web;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.storyboard.Failure;
import org.genaiconnector.storyboard.OperatorMessage;

/** Turns everything that is thrown into the API's error answer. The client sees a message, the log the stack trace: messages may quote
 * what a caller or a model wrote. */
@Provider
public class ErrorMapper implements ExceptionMapper<Throwable> {

    private static final System.Logger LOG = System.getLogger(ErrorMapper.class.getName());
    private static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(5);

    @Override
    public Response toResponse(Throwable thrown) {
        if (thrown instanceof RequestException refused) {
            return answer(refused.status(), refused.category(), refused.getMessage())
                    .build();
        }
        if (thrown instanceof WebApplicationException http) {
            return ofJaxRs(http);
        }
        Optional<Failure> failure = Failure.of(thrown);
        if (failure.isPresent()) {
            return ofBackend(failure.get());
        }
        OperatorMessage.REQUEST_FAILED.logFailure(LOG, thrown);
        return answer(500, FailureCategory.SERVER, "Internal error: see the log of the application server")
                .build();
    }

    private static Response ofBackend(Failure failure) {
        int status = failure.rejected() ? 422 : status(failure.category());
        Response.ResponseBuilder answer = answer(status, ErrorJson.of(failure));
        if (status == 429 || status == 503) {
            Duration wait = failure.retryAfter().orElse(DEFAULT_RETRY_AFTER);
            long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
            answer.header(HttpHeaders.RETRY_AFTER, seconds);
        }
        return answer.build();
    }

    /** The one table from failures of backends to HTTP statuses. */
    static int status(FailureCategory category) {
        return switch (category) {
            case INVALID_REQUEST -> 400;
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
            case TOO_LARGE -> 413;
            case CONTEXT_LENGTH, CONTENT_FILTER -> 422;
            case RATE_LIMIT, BUDGET -> 429;
            case UNSUPPORTED -> 501;
            // the backend answered, and its answer is of no use; AUTHENTICATION means this application's credential
            case AUTHENTICATION, PERMISSION, SERVER, COMMUNICATION, TRUNCATED, PROTOCOL, TLS, PROXY -> 502;
            case UNAVAILABLE, OVERLOADED, QUOTA, CANCELLED, CLOSED -> 503;
            case TIMEOUT_CONNECT, TIMEOUT_RESPONSE, TIMEOUT_SERVER, DEADLINE -> 504;
        };
    }

    /** What JAX-RS itself refuses: unknown paths, wrong methods, wrong media types. */
    private static Response ofJaxRs(WebApplicationException http) {
        Response original = http.getResponse();
        int status = original.getStatus();
        if (status < 400 || original.hasEntity()) {
            return original;
        }
        Response.ResponseBuilder answer =
                switch (status) {
                    case 404 -> answer(status, FailureCategory.NOT_FOUND, "There is nothing at this path");
                    case 405 -> answer(status, FailureCategory.UNSUPPORTED, "This path does not know this method");
                    case 406 -> answer(status, FailureCategory.UNSUPPORTED, "No representation is acceptable");
                    case 415 -> answer(status, FailureCategory.UNSUPPORTED, "This Content-Type is not understood");
                    default ->
                        answer(
                                status,
                                status < 500 ? FailureCategory.INVALID_REQUEST : FailureCategory.SERVER,
                                original.getStatusInfo().getReasonPhrase());
                };
        if (original.getAllowedMethods().isEmpty()) {
            return answer.build();
        }
        return answer.allow(original.getAllowedMethods()).build();
    }

    private static Response.ResponseBuilder answer(int status, FailureCategory category, String message) {
        return answer(status, ErrorJson.of(category, message));
    }

    private static Response.ResponseBuilder answer(int status, ErrorJson error) {
        return Response.status(status).type(MediaType.APPLICATION_JSON_TYPE).entity(Map.of("error", error));
    }
}
