package org.genaiconnector.storyboard.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.resource.ResourceException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.genaiconnector.storyboard.OperatorMessage;

/**
 * {@code /api/mcp}: the administrator's workflows as tools of assistants, by the Model Context Protocol's Streamable HTTP transport
 * without sessions and streams. Calls run on the request's thread, so the container knows their caller.
 */
@Path("mcp")
@RequestScoped
@Produces(MediaType.APPLICATION_JSON)
public class McpResource {

    private static final System.Logger LOG = System.getLogger(McpResource.class.getName());

    /** Newest first. */
    private static final List<String> VERSIONS = List.of("2025-11-25", "2025-06-18", "2025-03-26");

    private static final int NOT_JSON = -32700;
    private static final int INVALID_REQUEST = -32600;
    private static final int NO_SUCH_METHOD = -32601;
    private static final int INVALID_PARAMS = -32602;
    private static final int INTERNAL_ERROR = -32603;

    @Inject
    private McpTools tools;

    /** Answers a request; takes notice of a notification. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Response receive(InputStream body, @HeaderParam("MCP-Protocol-Version") String version) throws IOException {
        JsonBody message;
        try {
            message = JsonBody.read(body);
        } catch (RequestException e) {
            int code = e.getCause() == null ? INVALID_REQUEST : NOT_JSON; // the cause is what the parser says
            return refuse(e.status(), JsonValue.NULL, code, e.getMessage());
        }
        JsonValue id = message.value("id");
        if (version != null && !VERSIONS.contains(version)) {
            return refuse(
                    400,
                    id,
                    INVALID_REQUEST,
                    "The header MCP-Protocol-Version must be one of " + String.join(", ", VERSIONS));
        }
        if (!(message.value("jsonrpc") instanceof JsonString rpc)
                || !rpc.getString().equals("2.0")) {
            return refuse(400, id, INVALID_REQUEST, "\"jsonrpc\" must be \"2.0\"");
        }
        if (!message.has("method") && (message.has("result") || message.has("error"))) {
            return Response.accepted().build(); // an answer, although nothing was asked
        }
        if (!(message.value("method") instanceof JsonString method)) {
            return refuse(400, id, INVALID_REQUEST, "\"method\" must be a string");
        }
        if (!message.contains("id")) {
            return Response.accepted().build(); // a notification: that the client is ready, or wants no answer any more
        }
        if (!(id instanceof JsonString || id instanceof JsonNumber)) {
            return refuse(400, JsonValue.NULL, INVALID_REQUEST, "\"id\" must be a string or a number");
        }
        return answer(id, method.getString(), message);
    }

    private Response answer(JsonValue id, String method, JsonBody message) {
        try {
            JsonBody params = JsonBody.of(
                    message.has("params") ? message.value("params") : JsonValue.EMPTY_JSON_OBJECT, "params");
            return switch (method) {
                case "initialize" -> result(id, initialize(params));
                case "ping" -> result(id, JsonValue.EMPTY_JSON_OBJECT);
                case "tools/list" ->
                    result(
                            id,
                            Json.createObjectBuilder()
                                    .add("tools", tools.list())
                                    .build());
                case "tools/call" ->
                    result(
                            id,
                            tools.call(
                                    params.text("name"),
                                    params.optionalObject("arguments").orElse(JsonValue.EMPTY_JSON_OBJECT)));
                default -> refuse(200, id, NO_SUCH_METHOD, "There is no method " + method);
            };
        } catch (RequestException e) {
            return refuse(200, id, INVALID_PARAMS, e.getMessage());
        } catch (ResourceException | IOException | RuntimeException e) {
            OperatorMessage.REQUEST_FAILED.logFailure(LOG, e);
            return refuse(200, id, INTERNAL_ERROR, "Internal error: see the log of the application server");
        }
    }

    private static JsonObject initialize(JsonBody params) {
        String wanted = params.text("protocolVersion");
        return Json.createObjectBuilder()
                .add("protocolVersion", VERSIONS.contains(wanted) ? wanted : VERSIONS.get(0))
                .add("capabilities", Json.createObjectBuilder().add("tools", JsonValue.EMPTY_JSON_OBJECT))
                .add(
                        "serverInfo",
                        Json.createObjectBuilder().add("name", "storyboard").add("version", "1.0"))
                .build();
    }

    private static Response result(JsonValue id, JsonObject result) {
        return Response.ok(message(id).add("result", result).build().toString()).build();
    }

    private static Response refuse(int status, JsonValue id, int code, String why) {
        JsonObject error = message(id)
                .add("error", Json.createObjectBuilder().add("code", code).add("message", why))
                .build();
        return Response.status(status).entity(error.toString()).build();
    }

    private static JsonObjectBuilder message(JsonValue id) {
        return Json.createObjectBuilder().add("jsonrpc", "2.0").add("id", id);
    }
}
