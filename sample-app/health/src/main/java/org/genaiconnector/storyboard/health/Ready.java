package org.genaiconnector.storyboard.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;
import org.genaiconnector.storyboard.BackendProbes;
import org.genaiconnector.storyboard.Probe;

/** {@code /health/ready}: ready while both backends answer. */
@Readiness
@ApplicationScoped
public class Ready implements HealthCheck {

    /** Not by {@code @EJB}: Payara Server asks in the naming context of whichever module it called last. */
    @Inject
    private BackendProbes probes;

    @Override
    public HealthCheckResponse call() {
        List<Probe> results = probes.probe();
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("backends").status(results.stream().allMatch(Probe::up));
        results.forEach(probe -> response.withData(probe.backend(), probe.up() ? "UP" : probe.detail()));
        return response.build();
    }
}
