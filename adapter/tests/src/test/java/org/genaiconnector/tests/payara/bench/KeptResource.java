package org.genaiconnector.tests.payara.bench;

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

/** Connection factories that are looked up once and kept, which is what injection into a long-lived bean comes to. */
@ApplicationScoped
@Path("kept")
@Produces(MediaType.TEXT_PLAIN)
public class KeptResource {
    private final Map<String, LlmConnectionFactory> factories = new ConcurrentHashMap<>();

    /** Has a text answered on a connection of the factory that the name stood for when it was first used. */
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
