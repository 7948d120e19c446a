package org.genaiconnector.ivt;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.ObjIntConsumer;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.WorkflowTemplate;
import org.genaiconnector.ivt.beans.Calls;
import org.genaiconnector.ivt.beans.JobEnds;
import org.genaiconnector.ivt.simulators.Backends;
import org.genaiconnector.ivt.simulators.SimulatorLoader;
import org.genaiconnector.llm.LlmConnectionFactory;

/** One run of all checks on the pools that it finds. For one thread. */
final class Run {
    /** Pools that this application defines; in a WAR alone there are none. */
    private static final String OWN = "java:app/";

    /** Size of the pools that this application defines. */
    private static final int OWN_MAXIMUM = 2;

    private final ServletContext application;
    private final Calls calls;
    private final JobEnds ends;
    private final Settings settings;
    private final Checks checks;
    private final Usage usage = new Usage();

    Run(ServletContext application, Calls calls, JobEnds ends, Settings settings) {
        this.application = application;
        this.calls = calls;
        this.ends = ends;
        this.settings = settings;
        this.checks = new Checks(calls);
    }

    /**
     * Checks everything.
     *
     * @throws IOException if the simulators cannot be unpacked
     */
    Report report() throws IOException {
        Instant started = Instant.now();
        long start = System.nanoTime();
        Jndi<ComfyUiConnectionFactory> comfyUi = Jndi.lookup(settings.comfyUi(), ComfyUiConnectionFactory.class);
        Jndi<LlmConnectionFactory> llm = Jndi.lookup(settings.llm(), LlmConnectionFactory.class);
        try (SimulatorLoader loader = SimulatorLoader.of(application);
                Backends simulators = loader.backends();
                Callers callers = new Callers()) {
            for (Pool<ComfyUiConnectionFactory> pool :
                    pools("ComfyUI", comfyUi, ComfyUiConnectionFactory::server, simulators, Backends::startComfyUi)) {
                new ComfyUiChecks(pool, calls, callers, ends, usage).run(checks, this::template);
            }
            for (Pool<LlmConnectionFactory> pool :
                    pools("LLM", llm, LlmConnectionFactory::server, simulators, Backends::startLlm)) {
                new LlmChecks(pool, callers, usage, settings.longestWait()).run(checks);
            }
        }
        List<Object> factories = new ArrayList<>(comfyUi.found().values());
        factories.addAll(llm.found().values());
        return new Report(
                started,
                (System.nanoTime() - start) / 1_000_000,
                Installation.describe(application, factories),
                checks.outcomes(),
                usage);
    }

    private <F> List<Pool<F>> pools(
            String kind, Jndi<F> jndi, Function<F, URI> server, Backends simulators, ObjIntConsumer<Backends> start) {
        List<Pool<F>> pools = new ArrayList<>();
        checks.run("", "pools of " + kind, () -> {
            for (var bound : jndi.found().entrySet()) {
                URI address = server.apply(bound.getValue());
                boolean own = bound.getKey().startsWith(OWN);
                boolean simulated = own || settings.simulators();
                if (simulated) {
                    requireLoopback(address);
                    start.accept(simulators, address.getPort());
                }
                pools.add(new Pool<>(
                        bound.getKey(),
                        bound.getValue(),
                        address,
                        simulated ? Optional.of(simulators) : Optional.empty(),
                        own ? OptionalInt.of(OWN_MAXIMUM) : settings.maximum()));
            }
            String missing = String.join("; ", jndi.missing());
            if (pools.isEmpty()) {
                throw new FailedException("No pool is bound under the names that were tried. " + missing);
            }
            return String.join(
                    ", ",
                    pools.stream()
                            .map(pool -> pool.name() + " to " + pool.server()
                                    + (pool.simulators().isPresent() ? " (simulated)" : ""))
                            .toList());
        });
        return pools;
    }

    private static void requireLoopback(URI address) throws Exception {
        if (!InetAddress.getByName(address.getHost()).isLoopbackAddress()) {
            throw new FailedException(
                    "A simulator can stand in only for an address of this machine, not for " + address);
        }
    }

    private WorkflowTemplate template() throws SkippedException {
        Jndi<WorkflowTemplate> templates = Jndi.lookup(settings.template(), WorkflowTemplate.class);
        return templates.found().values().stream()
                .findFirst()
                .orElseThrow(
                        () -> new SkippedException("no workflow template is bound under the names that were tried; "
                                + "the parameter template gives others. " + String.join("; ", templates.missing())));
    }
}
