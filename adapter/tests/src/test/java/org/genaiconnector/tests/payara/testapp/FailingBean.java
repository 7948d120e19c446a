package org.genaiconnector.tests.payara.testapp;

import jakarta.ejb.Stateless;
import jakarta.resource.ResourceException;
import java.util.function.Consumer;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;

/** Session bean that queues a prompt in a transaction of its own and then fails. */
@Stateless
public class FailingBean {

    /** Fails with a checked exception. */
    public void failChecked(ComfyUiConnectionFactory factory, Consumer<Job> queued) throws ResourceException {
        queue(factory, queued);
        throw failure();
    }

    /** Fails with the unchecked exception of the connector. */
    public void failUnchecked(ComfyUiConnectionFactory factory, Consumer<Job> queued) throws ResourceException {
        queue(factory, queued);
        throw failure().unchecked();
    }

    private static GenAiException failure() {
        return new GenAiException(FailureCategory.OVERLOADED, "The model that the bean asked next is overloaded");
    }

    private static void queue(ComfyUiConnectionFactory factory, Consumer<Job> queued) throws ResourceException {
        try (ComfyUiConnection connection = factory.getConnection()) {
            queued.accept(Calls.queue(connection));
        }
    }
}
