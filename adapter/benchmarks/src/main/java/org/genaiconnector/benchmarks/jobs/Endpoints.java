package org.genaiconnector.benchmarks.jobs;

import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import javax.transaction.xa.XAResource;
import org.genaiconnector.comfyui.ComfyUiJobListener;

/** A container's factory of message endpoints for one bean, whose methods need no transaction. */
final class Endpoints implements MessageEndpointFactory {
    private final ComfyUiJobListener bean;

    Endpoints(ComfyUiJobListener bean) {
        this.bean = bean;
    }

    @Override
    public MessageEndpoint createEndpoint(XAResource resource) {
        return (MessageEndpoint) Proxy.newProxyInstance(
                Endpoints.class.getClassLoader(),
                new Class<?>[] {MessageEndpoint.class, ComfyUiJobListener.class},
                (proxy, method, arguments) -> method.getDeclaringClass() == MessageEndpoint.class
                        ? null // nothing to begin, to end or to give back
                        : method.invoke(bean, arguments));
    }

    @Override
    public MessageEndpoint createEndpoint(XAResource resource, long timeout) {
        return createEndpoint(resource);
    }

    @Override
    public boolean isDeliveryTransacted(Method method) {
        return false;
    }

    @Override
    public String getActivationName() {
        return "latency";
    }

    @Override
    public Class<?> getEndpointClass() {
        return bean.getClass();
    }
}
