package org.genaiconnector.junit;

import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.lang.reflect.Method;
import javax.transaction.xa.XAResource;
import org.genaiconnector.comfyui.ComfyUiJobListener;
import org.genaiconnector.comfyui.JobEvent;
import org.genaiconnector.comfyui.JobPreview;

/** The message endpoint factory of a listener that is no message-driven bean: no transactions, one instance. */
record Listeners(ComfyUiJobListener bean) implements MessageEndpointFactory {

    @Override
    public MessageEndpoint createEndpoint(XAResource resource) {
        return new Endpoint(bean);
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
        return bean.getClass().getName();
    }

    @Override
    public Class<?> getEndpointClass() {
        return bean.getClass();
    }

    /** Two listeners are the same only if both objects are. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /** Passes everything on. */
    private record Endpoint(ComfyUiJobListener bean) implements MessageEndpoint, ComfyUiJobListener {
        @Override
        public void beforeDelivery(Method method) {
            // no transaction to begin
        }

        @Override
        public void afterDelivery() {
            // none to end
        }

        @Override
        public void release() {
            // nothing is kept
        }

        @Override
        public void onProgress(JobEvent event) {
            bean.onProgress(event);
        }

        @Override
        public void onPreview(JobPreview preview) {
            bean.onPreview(preview);
        }

        @Override
        public void onCompleted(JobEvent event) {
            bean.onCompleted(event);
        }

        @Override
        public void onFailed(JobEvent event) {
            bean.onFailed(event);
        }

        @Override
        public void onCancelled(JobEvent event) {
            bean.onCancelled(event);
        }

        @Override
        public void onRejected(JobEvent event) {
            bean.onRejected(event);
        }

        @Override
        public void onLost(JobEvent event) {
            bean.onLost(event);
        }
    }
}
