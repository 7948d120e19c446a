package org.genaiconnector.tests.payara.testapp;

import jakarta.ejb.Stateless;
import jakarta.resource.ResourceException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;

/** Session bean that joins the transaction of its caller. */
@Stateless
public class NestedBean {

    /** Queues one prompt, on a connection of its own. */
    public Job queue(ComfyUiConnectionFactory factory) throws ResourceException {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return Calls.queue(connection);
        }
    }
}
