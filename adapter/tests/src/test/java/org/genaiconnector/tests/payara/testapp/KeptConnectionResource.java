package org.genaiconnector.tests.payara.testapp;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;

/** Connections that are kept from one request to the next, as no application should do. */
@ApplicationScoped
@Path("loans")
@Produces(MediaType.TEXT_PLAIN)
public class KeptConnectionResource {
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, LlmConnection> loans = new ConcurrentHashMap<>();

    /** Borrows a connection and returns its number. */
    @POST
    public Response borrow(@QueryParam("factory") String name) throws NamingException {
        LlmConnectionFactory factory = InitialContext.doLookup(name);
        return Answers.of(() -> {
            long number = numbers.incrementAndGet();
            loans.put(number, factory.getConnection());
            return Long.toString(number);
        });
    }

    /** Sends a text on a kept connection. */
    @GET
    @Path("{number}")
    public Response chat(@PathParam("number") long number, @QueryParam("text") String text) {
        return Answers.of(() -> Calls.chat(loans.get(number), text));
    }

    /** Closes a kept connection. */
    @DELETE
    @Path("{number}")
    public Response close(@PathParam("number") long number) {
        return Answers.of(() -> {
            loans.remove(number).close();
            return "closed";
        });
    }
}
