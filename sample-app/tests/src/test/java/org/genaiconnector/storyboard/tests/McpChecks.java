package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator.ValidationResponse;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** {@code /api/mcp}, asked by the client of the protocol's own SDK, and by clients that send nonsense. */
interface McpChecks extends Application {

    @Test
    default void offersWorkflowsToAssistants() throws Exception {
        try (McpSyncClient client = assistant()) {
            assertThat(client.initialize().serverInfo().name()).isEqualTo("storyboard");

            List<Tool> tools = client.listTools().tools();

            assertThat(tools).extracting(Tool::name).containsExactly("text-to-image", "image-to-image", "job");
            assertThat(tools.get(0).inputSchema().toString()).contains("positive.text={type=string");
        }
    }

    @Test
    default void paintsForAnAssistant() throws Exception {
        try (McpSyncClient client = assistant()) {
            client.initialize();

            CallToolResult painted =
                    call(client, "text-to-image", Map.of("positive.text", "a lighthouse for an assistant"));

            assertThat(painted.isError()).as(painted.toString()).isNotEqualTo(true);
            assertThat(painted.content()).hasSize(2);
            String said = ((TextContent) painted.content().get(0)).text();
            assertThat(said).matches("The job [0-9a-f-]{36} is COMPLETED");
            ImageContent picture = (ImageContent) painted.content().get(1);
            assertThat(ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(picture.data()))))
                    .isNotNull();
            String job = said.replaceFirst("The job ([0-9a-f-]{36}) .*", "$1");
            assertThat(call(client, "job", Map.of("id", job)).content()).isEqualTo(painted.content());
            assertThat(rest().get("/api/jobs/" + job).expect(200).object().getString("state"))
                    .isEqualTo("COMPLETED");
        }
    }

    @Test
    default void tellsAssistantsWhatIsWrong() throws Exception {
        try (McpSyncClient client = assistant()) {
            client.initialize();

            assertFailed(call(client, "text-to-image", Map.of("positive.txt", "x")), "positive.txt");
            assertFailed(call(client, "job", Map.of("id", "none")), "There is no job none");
            assertFailed(call(client, "job", Map.of()), "\"id\" must be a string");
            assertFailed(
                    call(client, "text-to-image", Map.of("positive.text", "x", "checkpoint.ckpt_name", "none.sft")),
                    "none.sft");
            assertThatThrownBy(() -> call(client, "rm", Map.of()))
                    .isInstanceOf(McpError.class)
                    .hasMessageContaining("There is no tool rm");
        }
    }

    private static CallToolResult call(McpSyncClient client, String tool, Map<String, Object> arguments) {
        return client.callTool(
                CallToolRequest.builder(tool).arguments(arguments).build());
    }

    private static void assertFailed(CallToolResult result, String why) {
        assertThat(result.isError()).as(result.toString()).isTrue();
        assertThat(result.content()).singleElement().asString().contains(why);
    }

    @Test
    default void answersNonsenseOfAssistantsWithErrorsOfJsonRpc() throws Exception {
        assertRefused(400, -32700, "{\"jsonrpc\":");
        assertRefused(400, -32700, "{\"a\":".repeat(100_000));
        assertRefused(400, -32600, "");
        assertRefused(400, -32600, "[]");
        assertRefused(400, -32600, "{}");
        assertRefused(400, -32600, "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}");
        assertRefused(400, -32600, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}");
        assertRefused(400, -32600, "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}");
        assertRefused(200, -32601, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"shell/run\"}");
        assertRefused(200, -32602, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":[]}");
        assertRefused(200, -32602, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":5}}");
        assertRefused(200, -32602, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"}");
        rest().post("/api/mcp", "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/unheard-of\"}")
                .expect(202);
        rest().get("/api/mcp").error(405, "UNSUPPORTED");

        assertThat(rest().post("/api/mcp", "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"ping\"}")
                        .expect(200)
                        .text())
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\":{}}");
    }

    private void assertRefused(int status, int code, String body) throws Exception {
        assertThat(rest().post("/api/mcp", body)
                        .expect(status)
                        .object()
                        .getJsonObject("error")
                        .getInt("code"))
                .as(body)
                .isEqualTo(code);
    }

    private McpSyncClient assistant() throws Exception {
        return McpClient.sync(HttpClientStreamableHttpTransport.builder(
                                storyboard().uri().toString())
                        .endpoint("/api/mcp")
                        .build())
                .jsonSchemaValidator(
                        (schema, content) -> ValidationResponse.asValid("")) // no tool has a schema of results
                .build();
    }
}
