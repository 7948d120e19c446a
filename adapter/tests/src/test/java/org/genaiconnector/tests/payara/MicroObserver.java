package org.genaiconnector.tests.payara;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.arquillian.container.spi.event.container.AfterDeploy;
import org.jboss.arquillian.container.spi.event.container.AfterUnDeploy;
import org.jboss.arquillian.container.spi.event.container.BeforeDeploy;
import org.jboss.arquillian.core.api.annotation.Observes;
import org.jboss.arquillian.test.spi.event.suite.AfterSuite;

/**
 * Starts backends before Arquillian starts a Payara Micro for a test class, and checks its log afterwards. It waits for the end
 * of the process before, because Arquillian does not wait for the end of a process that it stops.
 */
public final class MicroObserver {
    private static final long SECONDS_TO_STOP = 60;

    private List<ProcessHandle> server = List.of();

    /** Starts the backends, whose ports go into the boot commands. */
    public void beforeServerStarts(@Observes BeforeDeploy event) throws IOException {
        Backends.start();
        ServerFiles.write();
    }

    /** Remembers the process. */
    public void serverStarted(@Observes AfterDeploy event) {
        server = ProcessHandle.current().children().toList();
    }

    /** Waits for the end of the process and fails the test class if its log has unexpected entries. */
    public void serverStopping(@Observes AfterUnDeploy event) throws Exception {
        for (ProcessHandle process : server) {
            await(process);
        }
        ServerLog.of(ServerFiles.log()).assertClean();
    }

    private static void await(ProcessHandle process) throws InterruptedException, ExecutionException {
        try {
            process.onExit().get(SECONDS_TO_STOP, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            process.destroyForcibly();
            throw new AssertionError("Payara Micro did not stop within " + SECONDS_TO_STOP + " s", e);
        }
    }

    /** Stops the backends. */
    public void end(@Observes AfterSuite event) {
        Backends.stop();
    }
}
