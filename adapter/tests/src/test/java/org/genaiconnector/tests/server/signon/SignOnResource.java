package org.genaiconnector.tests.server.signon;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.RequestScoped;
import jakarta.resource.ResourceException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.tests.payara.testapp.Calls;

/** Asks the model for an authenticated caller, with the credentials that the container signs on with. */
@RequestScoped
@Path("chat")
@Produces(MediaType.TEXT_PLAIN)
public class SignOnResource {
    @Resource(name = "llm")
    private LlmConnectionFactory llm;

    /** Answers a text. */
    @GET
    public String chat(@QueryParam("text") String text) throws ResourceException {
        return Calls.chat(llm, text);
    }
}
