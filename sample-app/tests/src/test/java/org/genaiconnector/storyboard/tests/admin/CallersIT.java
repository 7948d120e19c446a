package org.genaiconnector.storyboard.tests.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.genaiconnector.storyboard.tests.Rest;
import org.genaiconnector.testkit.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Callers of the sample use the keys that the administrator has mapped them to. */
@ExtendWith(AdminServer.Shared.class)
class CallersIT {

    private static final String POOL = "genai/guarded";

    private final AdminServer server;

    CallersIT(AdminServer server) {
        this.server = server;
    }

    @Test
    void reachTheServiceWithTheirOwnKeysOrWithThePools() throws Exception {
        int before = chats().size();

        for (int i = 0; i < 2; i++) {
            chat("/api/chat", "alice", "wonderland").expect(200);
            chat("/api/chat", "bob", "builder").expect(200);
            chat("/api/chat", "carol", "christmas").expect(200);
            server.rest().post("/api/chat", ConsoleIT.HELLO).expect(200);
        }

        List<String> keys = List.of(AdminServer.ALICE, AdminServer.BOB, AdminServer.KEY, AdminServer.KEY);
        assertThat(keysSince(before))
                .hasSize(8)
                .startsWith(keys.toArray(String[]::new))
                .endsWith(keys.toArray(String[]::new));
    }

    @Test
    void areRefusedWhereThePoolHasNoKeyAndTheyHaveNone() throws Exception {
        server.createLlmPool(POOL);
        // without a key the pool cannot create connections in advance
        server.asadmin("set", "resources.connector-connection-pool." + POOL + ".steady-pool-size=0");
        server.asadmin(
                Map.of("AS_ADMIN_MAPPEDPASSWORD", "${ALIAS=genai-alice}"),
                "create-connector-security-map",
                "--poolname",
                POOL,
                "--principals",
                "alice",
                "--mappedusername",
                "alice",
                "alice");
        server.asadmin("create-connector-resource", "--poolname=" + POOL, "eis/" + POOL);
        Path descriptor = Files.writeString(
                server.file("guarded.xml"),
                Files.readString(Script.file("sample/web.xml")).replace("eis/genai/llm", "eis/" + POOL));
        server.deployStoryboard("guarded", "/guarded", descriptor);
        try {
            int before = chats().size();

            chat("/guarded/api/chat", "alice", "wonderland").expect(200);
            chat("/guarded/api/chat", "carol", "christmas").error(502, "AUTHENTICATION");
            server.rest().post("/guarded/api/chat", ConsoleIT.HELLO).error(502, "AUTHENTICATION");

            assertThat(keysSince(before)).containsExactly(AdminServer.ALICE);
        } finally {
            server.asadmin("undeploy", "guarded");
            server.asadmin("delete-connector-connection-pool", "--cascade=true", POOL);
        }
    }

    @Test
    void areRejectedWithAWrongPassword() throws Exception {
        int before = chats().size();

        Rest.Answer answer = chat("/api/chat", "alice", "builder").expect(401);

        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Basic"));
        chat("/api/chat", "nobody", "").expect(401);
        chat("/api/mcp", "alice", "builder").expect(401);
        assertThat(chats()).hasSize(before);
    }

    private Rest.Answer chat(String path, String caller, String password) throws Exception {
        String credentials =
                Base64.getEncoder().encodeToString((caller + ":" + password).getBytes(StandardCharsets.UTF_8));
        return server.rest()
                .send(server.rest()
                        .request(path)
                        .header("Authorization", "Basic " + credentials)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(ConsoleIT.HELLO)));
    }

    private List<RecordedRequest> chats() {
        return server.llm().traffic().requests().stream()
                .filter(request -> request.path().endsWith("/chat/completions"))
                .toList();
    }

    private List<String> keysSince(int before) {
        return chats().stream()
                .skip(before)
                .map(request -> request.header("Authorization").orElseThrow().substring("Bearer ".length()))
                .toList();
    }
}
