package org.genaiconnector.ra.comfyui;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.comfyui.fleet.Fleet;
import org.genaiconnector.ra.http.FailureTrait;

/** What failures of calls to several backends mean. */
final class FleetFailures {

    private FleetFailures() {}

    /** A failure of the handle or of its caller is the same everywhere. */
    static void rethrowUnlessOfBackend(GenAiException failure) throws GenAiException {
        if (FailureTrait.ENDED_HERE.of(failure) || failure.category() == FailureCategory.INVALID_REQUEST) {
            throw failure;
        }
    }

    /** One failure that gives each backend's reason, in the category of the first. */
    static GenAiException of(Fleet fleet, String begin, Map<URI, GenAiException> failures) {
        return of(fleet, failures.values().iterator().next().category(), begin, failures);
    }

    static GenAiException of(Fleet fleet, FailureCategory category, String begin, Map<URI, GenAiException> failures) {
        List<String> reasons = new ArrayList<>();
        failures.forEach((server, why) -> reasons.add(fleet.nameOf(server) + " (" + why.getMessage() + ")"));
        return new GenAiException(
                category,
                begin + String.join(", ", reasons),
                failures.values().iterator().next());
    }
}
