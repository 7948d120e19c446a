package org.genaiconnector.tests.works;

import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.ResourceAdapter;
import java.lang.reflect.Proxy;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.jca.core.api.workmanager.StatisticsExecutor;
import org.jboss.jca.core.bootstrapcontext.BaseCloneableBootstrapContext;
import org.jboss.jca.core.spi.security.SecurityIntegration;
import org.jboss.jca.core.workmanager.WorkManagerImpl;

/** WildFly's Work Manager for one resource adapter, with threads of its own and without security contexts. */
final class WildFlyWorkManager implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final WorkManagerImpl manager = new WorkManagerImpl();
    private final BaseCloneableBootstrapContext context = new BaseCloneableBootstrapContext();

    WildFlyWorkManager(ResourceAdapter adapter) {
        manager.setName("test");
        manager.setShortRunningThreadPool(new Threads());
        manager.setSecurityIntegration((SecurityIntegration) Proxy.newProxyInstance(
                WildFlyWorkManager.class.getClassLoader(),
                new Class<?>[] {SecurityIntegration.class},
                (proxy, method, arguments) -> null));
        context.setWorkManager(manager);
        context.setResourceAdapter(adapter);
    }

    private final class Threads implements StatisticsExecutor {
        @Override
        public void execute(Runnable work) {
            threads.execute(work);
        }

        @Override
        public long getNumberOfFreeThreads() {
            return Long.MAX_VALUE;
        }
    }

    BootstrapContext context() {
        return context;
    }

    /** Number of works that are running. */
    int running() {
        return manager.getStatistics().getWorkActive();
    }

    /** Number of works that have ended and been released. */
    int released() {
        return manager.getStatistics().getWorkSuccessful();
    }

    @Override
    public void close() {
        manager.shutdown();
        context.shutdown();
        threads.shutdownNow();
    }
}
