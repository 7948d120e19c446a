package org.genaiconnector.ra.inflow;

import jakarta.ejb.EJBException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.LocalTransactionException;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.transaction.xa.XAResource;
import org.genaiconnector.comfyui.ComfyUiJobListener;

/**
 * An application server's factory of message endpoints for one bean. Records every step, and as violations the steps in another
 * order than the specification's and those of another thread. As in Payara, what the bean throws unchecked arrives as an
 * {@link EJBException}, and rolls the transaction back.
 */
final class TestEndpoints implements MessageEndpointFactory {
    /** Where an endpoint is in the course of its one delivery. */
    private enum Stage {
        CREATED,
        BEFORE,
        CALLED,
        AFTER,
        RELEASED
    }

    private final ComfyUiJobListener bean;
    private final TestTransactions transactions;
    private final List<String> steps = new CopyOnWriteArrayList<>();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger unavailable = new AtomicInteger();
    private volatile boolean beforeFails;
    private volatile boolean afterFails;
    private final AtomicReference<Supplier<Throwable>> releaseProblem = new AtomicReference<>();

    TestEndpoints(ComfyUiJobListener bean, TestTransactions transactions) {
        this.bean = bean;
        this.transactions = transactions;
    }

    /** Has the next endpoints refused, as while the application is being deployed. */
    void refuse(int times) {
        unavailable.set(times);
    }

    void failBeforeDelivery() {
        beforeFails = true;
    }

    void failAfterDelivery() {
        afterFails = true;
    }

    /** Has the next release throw something. */
    void failRelease(Supplier<Throwable> problem) {
        releaseProblem.set(problem);
    }

    void recover() {
        beforeFails = false;
        afterFails = false;
    }

    /** What was done, in its order. */
    List<String> steps() {
        return steps;
    }

    /** What should not have been done; an endpoint that was not released is among it. */
    List<String> violations() {
        return open.get() == 0 ? violations : List.of("not released: " + open + " endpoints", "and " + violations);
    }

    @Override
    public MessageEndpoint createEndpoint(XAResource resource) throws UnavailableException {
        steps.add("create");
        if (unavailable.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new UnavailableException("MDB deployment is still happening");
        }
        open.incrementAndGet();
        return (MessageEndpoint) Proxy.newProxyInstance(
                TestEndpoints.class.getClassLoader(),
                new Class<?>[] {MessageEndpoint.class, ComfyUiJobListener.class},
                new Course()::step);
    }

    @Override
    public MessageEndpoint createEndpoint(XAResource resource, long timeout) throws UnavailableException {
        return createEndpoint(resource);
    }

    @Override
    public boolean isDeliveryTransacted(Method method) {
        return transactions != null;
    }

    @Override
    public String getActivationName() {
        return "test";
    }

    @Override
    public Class<?> getEndpointClass() {
        return bean.getClass();
    }

    private final class Course {
        private final Thread thread = Thread.currentThread();
        private Stage stage = Stage.CREATED;
        private Method announced;

        Object step(Object proxy, Method method, Object[] arguments) throws Throwable {
            if (Thread.currentThread() != thread) {
                violations.add(method.getName() + " by another thread");
            }
            switch (method.getName()) {
                case "beforeDelivery" -> before((Method) arguments[0]);
                case "afterDelivery" -> after();
                case "release" -> release();
                default -> call(method, arguments);
            }
            return null;
        }

        private void move(Stage from, Stage to) {
            if (stage != from) {
                violations.add(to + " after " + stage);
            }
            stage = to;
        }

        private void before(Method method) throws ResourceException {
            steps.add("before " + method.getName());
            if (beforeFails) {
                throw new LocalTransactionException("cannot begin a transaction");
            }
            move(Stage.CREATED, Stage.BEFORE);
            announced = method;
            if (transactions != null) {
                transactions.begin();
            }
        }

        private void call(Method method, Object[] arguments) throws Throwable {
            steps.add(method.getName());
            move(Stage.BEFORE, Stage.CALLED);
            if (!method.equals(announced)) {
                violations.add(method + " instead of " + announced);
            }
            try {
                method.invoke(bean, arguments);
            } catch (InvocationTargetException e) {
                if (transactions != null) {
                    transactions.setRollbackOnly();
                }
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw new EJBException((Exception) e.getCause());
            }
        }

        private void after() throws ResourceException {
            steps.add("after");
            move(Stage.CALLED, Stage.AFTER);
            if (transactions != null) {
                transactions.end();
            }
            if (afterFails) {
                throw new LocalTransactionException("cannot commit");
            }
        }

        private void release() throws Throwable {
            steps.add("release");
            if (stage == Stage.BEFORE || stage == Stage.CALLED) {
                violations.add("released without afterDelivery");
            }
            move(stage == Stage.CREATED ? Stage.CREATED : Stage.AFTER, Stage.RELEASED);
            open.decrementAndGet();
            Supplier<Throwable> problem = releaseProblem.getAndSet(null);
            if (problem != null) {
                throw problem.get();
            }
        }
    }
}
