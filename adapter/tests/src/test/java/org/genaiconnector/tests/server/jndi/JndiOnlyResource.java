package org.genaiconnector.tests.server.jndi;

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
import org.genaiconnector.tests.payara.testapp.Calls;

/** Asks a model, and needs no class of the adapter before that. */
@Path("chat")
@Produces(MediaType.TEXT_PLAIN)
public class JndiOnlyResource {

    /** Borrows a connection to an LLM service, sends a text, returns the connection. */
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
