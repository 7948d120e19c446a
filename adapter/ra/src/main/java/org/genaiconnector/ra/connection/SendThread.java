package org.genaiconnector.ra.connection;

import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.genaiconnector.ra.http.SendWatch;

/** The work that runs the adapter's one {@link SendWatch}, while large bodies are sent. */
final class SendThread implements Work {
    private final SendWatch watch;

    private SendThread(SendWatch watch) {
        this.watch = watch;
    }

    /** The watch of an adapter; outside an application server one that starts a thread itself. */
    static SendWatch watch(Optional<AdapterServices> services) {
        return services.map(adapter -> adapter.shared(
                        SendWatch.class, SendWatch.class, () -> new SendWatch(watch -> start(adapter, watch))))
                .orElseGet(SendWatch::unmanaged);
    }

    private static void start(AdapterServices adapter, SendWatch watch) {
        try {
            adapter.startWork(new SendThread(watch));
        } catch (WorkException e) {
            throw new RejectedExecutionException(e);
        }
    }

    @Override
    public void run() {
        watch.run();
    }

    @Override
    public void release() {
        watch.close();
    }
}
