package org.genaiconnector.tests.payara.bench;

import jakarta.resource.ResourceException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.llm.LlmConnectionFactory;

/** What tests outside the application server have done inside. Answers are plain text; failures have status 500. */
@Path("/")
@Produces(MediaType.TEXT_PLAIN)
public class BenchResource {

    /** Borrows a connection to ComfyUI, asks its version, gives the connection back. */
    @GET
    @Path("version")
    public Response version(@QueryParam("factory") String name) throws NamingException {
        ComfyUiConnectionFactory factory = InitialContext.doLookup(name);
        return Answers.of(() -> Calls.version(factory));
    }

    /** Borrows a connection to an LLM service, has it answer a text, gives the connection back. */
    @GET
    @Path("chat")
    public Response chat(@QueryParam("factory") String name, @QueryParam("text") String text) throws NamingException {
        LlmConnectionFactory factory = InitialContext.doLookup(name);
        return Answers.of(() -> Calls.chat(factory, text));
    }

    /** Borrows a number of connections and then one more; tells how many milliseconds that one took and what came of it. */
    @GET
    @Path("exhaust")
    public Response exhaust(@QueryParam("factory") String name, @QueryParam("held") int held)
            throws NamingException, ResourceException {
        ComfyUiConnectionFactory factory = InitialContext.doLookup(name);
        List<ComfyUiConnection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < held; i++) {
                connections.add(factory.getConnection());
            }
            long start = System.nanoTime();
            Response oneMore = Answers.of(() -> Calls.version(factory));
            long millis = (System.nanoTime() - start) / 1_000_000;
            return Response.fromResponse(oneMore)
                    .entity(millis + " " + oneMore.getEntity())
                    .build();
        } finally {
            connections.forEach(ComfyUiConnection::close);
        }
    }

    /** The adapter's figures of a factory for an LLM service, one a line. */
    @GET
    @Path("figures")
    public Response figures(@QueryParam("factory") String name) throws NamingException {
        LlmConnectionFactory factory = InitialContext.doLookup(name);
        return Answers.of(() -> Calls.figures(factory));
    }

    /** Runs a command of the server's administration. */
    @GET
    @Path("asadmin")
    public Response asadmin(@QueryParam("command") String command, @QueryParam("argument") List<String> arguments)
            throws ReflectiveOperationException {
        return Response.ok(Administration.run(command, arguments)).build();
    }
}
