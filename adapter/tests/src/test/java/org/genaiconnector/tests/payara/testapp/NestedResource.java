package org.genaiconnector.tests.payara.testapp;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.RequestScoped;
import jakarta.resource.ResourceException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.JobState;

/** Transactions in which several connections to ComfyUI are open at the same time. */
@RequestScoped
@Path("nested")
@Produces(MediaType.TEXT_PLAIN)
public class NestedResource {
    private static final Duration LONG = Duration.ofSeconds(60);

    @EJB
    private NestingBean nesting;

    /** Commits three transactions, which queue eight prompts, and waits for the ends of these. */
    @GET
    public Response commit(@QueryParam("factory") String name) throws NamingException {
        ComfyUiConnectionFactory factory = InitialContext.doLookup(name);
        return Answers.of(() -> {
            List<Job> jobs = new ArrayList<>(nesting.callsTheNestedBean(factory));
            jobs.addAll(nesting.nestsItsBlocks(factory));
            jobs.addAll(nesting.closesThemCrosswise(factory));
            int completed = 0;
            for (Job job : jobs) {
                completed += factory.awaitJob(job.id(), LONG).state() == JobState.COMPLETED ? 1 : 0;
            }
            return "completed=" + completed + " active="
                    + factory.statistics().connections().active();
        });
    }

    /** Borrows two connections at the same time and asks on both. */
    @GET
    @Path("two")
    public Response two(@QueryParam("factory") String name) throws NamingException {
        ComfyUiConnectionFactory factory = InitialContext.doLookup(name);
        return Answers.of(() -> two(factory));
    }

    private static String two(ComfyUiConnectionFactory factory) throws ResourceException {
        try (ComfyUiConnection one = factory.getConnection();
                ComfyUiConnection other = factory.getConnection()) {
            one.getSystemStats();
            other.getSystemStats();
            return "active=" + factory.statistics().connections().active();
        }
    }
}
