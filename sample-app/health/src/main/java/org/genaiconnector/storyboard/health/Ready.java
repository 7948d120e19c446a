package org.genaiconnector.storyboard.health;

import jakarta.ejb.EJBException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.eclipse.microprofile.health.Readiness;
import org.genaiconnector.storyboard.BackendProbes;
import org.genaiconnector.storyboard.Probe;

/** {@code /health/ready}: ready while both backends answer, and not yet while the application starts. */
@Readiness
@ApplicationScoped
public class Ready implements HealthCheck {

    /** Not by {@code @EJB}: Payara Server asks in the naming context of whichever module it called last. */
    @Inject
    BackendProbes probes;

    private volatile boolean started;

    @Override
    public HealthCheckResponse call() {
        List<Probe> results;
        try {
            results = probes.probe();
        } catch (
                EJBException
                        e) { // application servers answer probes before and after the time in which beans can be called
            String state = started ? "the application is stopping, or its bean fails" : "the application is starting";
            return response(false, Map.of("application", state + ": " + e.getMessage()));
        }
        started = true;
        Map<String, Object> data = new LinkedHashMap<>();
        results.forEach(probe -> data.put(probe.backend(), probe.up() ? "UP" : probe.detail()));
        return response(results.stream().allMatch(Probe::up), data);
    }

    private static HealthCheckResponse response(boolean up, Map<String, Object> data) {
        return new HealthCheckResponse("backends", up ? Status.UP : Status.DOWN, Optional.of(data));
    }
}
