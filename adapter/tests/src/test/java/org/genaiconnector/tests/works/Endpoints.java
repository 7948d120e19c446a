package org.genaiconnector.tests.works;

import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import javax.transaction.xa.XAResource;
import org.genaiconnector.comfyui.ComfyUiJobListener;

/**
 * Message endpoints of a bean, without transactions.
 *
 * @param bean that each of them calls
 */
record Endpoints(ComfyUiJobListener bean) implements MessageEndpointFactory {
    @Override
    public MessageEndpoint createEndpoint(XAResource resource) {
        return (MessageEndpoint) Proxy.newProxyInstance(
                Endpoints.class.getClassLoader(),
                new Class<?>[] {MessageEndpoint.class, ComfyUiJobListener.class},
                (proxy, method, arguments) ->
                        method.getDeclaringClass() == ComfyUiJobListener.class ? method.invoke(bean, arguments) : null);
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
        return "test";
    }

    @Override
    public Class<?> getEndpointClass() {
        return bean.getClass();
    }
}
