package org.genaiconnector.tests.server.stranger;

import jakarta.resource.ResourceException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.tests.payara.bench.Calls;

/** Has a text answered, and needs no class of the adapter before it does. */
@Path("chat")
@Produces(MediaType.TEXT_PLAIN)
public class StrangerResource {

    /** Borrows a connection to an LLM service, has it answer a text, gives the connection back. */
    @GET
    public Response chat(@QueryParam("factory") String name, @QueryParam("text") String text)
            throws NamingException, ResourceException {
        try {
            return Response.ok(Calls.chat((LlmConnectionFactory) InitialContext.doLookup(name), text))
                    .build();
        } catch (NoClassDefFoundError e) {
            return Response.serverError().entity(e.toString()).build();
        }
    }
}
