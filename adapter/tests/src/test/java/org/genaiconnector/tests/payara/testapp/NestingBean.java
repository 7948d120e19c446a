package org.genaiconnector.tests.payara.testapp;

import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.resource.ResourceException;
import java.util.List;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;

/** Session bean with several connections open at the same time, each method in one transaction. */
@Stateless
public class NestingBean {
    @EJB
    private NestedBean nested;

    /** Keeps a connection open while another bean in the same transaction uses one of its own: three prompts. */
    public List<Job> callsTheNestedBean(ComfyUiConnectionFactory factory) throws ResourceException {
        try (ComfyUiConnection connection = factory.getConnection()) {
            return List.of(Calls.queue(connection), nested.queue(factory), Calls.queue(connection));
        }
    }

    /** Nested try blocks: three prompts. */
    public List<Job> nestsItsBlocks(ComfyUiConnectionFactory factory) throws ResourceException {
        try (ComfyUiConnection outer = factory.getConnection()) {
            Job first = Calls.queue(outer);
            Job second;
            try (ComfyUiConnection inner = factory.getConnection()) {
                second = Calls.queue(inner);
            }
            return List.of(first, second, Calls.queue(outer));
        }
    }

    /** Closes the connection first that was opened first: two prompts. */
    public List<Job> closesThemCrosswise(ComfyUiConnectionFactory factory) throws ResourceException {
        ComfyUiConnection first = factory.getConnection();
        ComfyUiConnection second = factory.getConnection();
        Job early = Calls.queue(first);
        first.close();
        Job late = Calls.queue(second);
        second.close();
        return List.of(early, late);
    }
}
