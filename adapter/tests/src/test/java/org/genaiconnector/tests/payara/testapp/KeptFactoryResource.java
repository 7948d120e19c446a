package org.genaiconnector.tests.payara.testapp;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.genaiconnector.llm.LlmConnectionFactory;

/** Connection factories that are looked up once and kept, which equals injection into a long-lived bean. */
@ApplicationScoped
@Path("kept")
@Produces(MediaType.TEXT_PLAIN)
public class KeptFactoryResource {
    private final Map<String, LlmConnectionFactory> factories = new ConcurrentHashMap<>();

    /** Sends a text on a connection of the factory that was looked up first under that name. */
    @GET
    public Response chat(@QueryParam("factory") String name, @QueryParam("text") String text) throws NamingException {
        LlmConnectionFactory factory = factories.get(name);
        if (factory == null) {
            factory = InitialContext.doLookup(name);
            factories.put(name, factory);
        }
        LlmConnectionFactory kept = factory;
        return Answers.of(() -> Calls.chat(kept, text));
    }
}
