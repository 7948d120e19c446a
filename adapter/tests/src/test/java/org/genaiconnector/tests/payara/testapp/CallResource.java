package org.genaiconnector.tests.payara.testapp;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.genaiconnector.Credentials;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.llm.LlmConnectionFactory;

/** Calls that tests outside of the application server make inside. Responses are plain text; failures have status 500. */
@Path("/")
@Produces(MediaType.TEXT_PLAIN)
public class CallResource {

    /** Borrows a connection to ComfyUI, reads its version, returns the connection. */
    @GET
    @Path("version")
    public Response version(@QueryParam("factory") String name) throws NamingException {
        ComfyUiConnectionFactory factory = InitialContext.doLookup(name);
        return Answers.of(() -> Calls.version(factory));
    }

    /** Borrows a connection to an LLM service, sends a text, returns the connection. */
    @GET
    @Path("chat")
    public Response chat(@QueryParam("factory") String name, @QueryParam("text") String text) throws NamingException {
        LlmConnectionFactory factory = InitialContext.doLookup(name);
        return Answers.of(() -> Calls.chat(factory, text));
    }

    /** The same with a key of the caller's own. */
    @GET
    @Path("chat-with-key")
    public Response chatWithKey(
            @QueryParam("factory") String name, @QueryParam("key") String key, @QueryParam("text") String text)
            throws NamingException {
        LlmConnectionFactory factory = InitialContext.doLookup(name);
        return Answers.of(() -> Calls.chat(factory, Credentials.apiKey(key), text));
    }

    /** The adapter's figures of a factory for an LLM service, one a line. */
    @GET
    @Path("figures")
    public Response figures(@QueryParam("factory") String name) throws NamingException {
        LlmConnectionFactory factory = InitialContext.doLookup(name);
        return Answers.of(() -> Calls.figures(factory));
    }

    /** Runs an administration command. */
    @GET
    @Path("asadmin")
    public Response asadmin(@QueryParam("command") String command, @QueryParam("argument") List<String> arguments)
            throws ReflectiveOperationException {
        return Response.ok(Administration.run(command, arguments)).build();
    }
}
