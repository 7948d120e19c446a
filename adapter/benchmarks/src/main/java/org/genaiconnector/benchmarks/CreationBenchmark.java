package org.genaiconnector.benchmarks;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time to create and destroy a managed connection without its network part: no probe, and the socket is not opened. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CreationBenchmark {
    private static final URI NOBODY = URI.create("http://127.0.0.1:9");

    private final ManagedConnectionFactory llm = Factories.llm(NOBODY);
    private final ManagedConnectionFactory comfyUi = Factories.comfyUi(NOBODY);

    @Benchmark
    public ManagedConnection llm() throws ResourceException {
        return createAndDestroy(llm);
    }

    @Benchmark
    public ManagedConnection comfyUi() throws ResourceException {
        return createAndDestroy(comfyUi);
    }

    private static ManagedConnection createAndDestroy(ManagedConnectionFactory factory) throws ResourceException {
        ManagedConnection connection = factory.createManagedConnection(null, null);
        connection.destroy();
        return connection;
    }
}
