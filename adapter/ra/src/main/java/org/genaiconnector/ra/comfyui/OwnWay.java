package org.genaiconnector.ra.comfyui;

import jakarta.resource.ResourceException;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;
import org.genaiconnector.Credentials;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.connection.Operation;
import org.genaiconnector.ra.http.Deadline;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpConnection;

/**
 * Calls to the backends of a factory over connections of no pool, for jobs that are sent again when nobody has a handle any
 * more. Each call has a connection of its own.
 */
final class OwnWay implements BackendWay {
    private final FleetOwner owner;

    /** Empty for those of the configuration, of which each backend may have its own. */
    private final Optional<Supplier<Optional<Credentials>>> given;

    OwnWay(FleetOwner owner, Optional<Supplier<Optional<Credentials>>> given) {
        this.owner = owner;
        this.given = given;
    }

    @Override
    public <T> T at(URI server, Operation<ComfyUiOperations, T> operation) throws GenAiException {
        try {
            HttpBackend http = owner.http(server);
            Optional<Credentials> credentials = given.isPresent() ? given.get().get() : owner.credentials(http);
            try (HttpConnection connection = owner.connect(http, credentials)) {
                ComfyUiOperations operations = owner.operations(http, connection, credentials);
                return Deadline.in(http.settings().callTimeout()).around(() -> operation.apply(operations));
            }
        } catch (ResourceException e) {
            throw e instanceof GenAiException failure
                    ? failure
                    : new GenAiException(FailureCategory.UNAVAILABLE, e.getMessage(), e);
        } catch (IllegalStateException e) {
            throw new GenAiException(FailureCategory.CLOSED, "The GenAI connector has been stopped", e);
        }
    }
}
