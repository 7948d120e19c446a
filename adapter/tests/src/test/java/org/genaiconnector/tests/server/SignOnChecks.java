package org.genaiconnector.tests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.genaiconnector.tests.Secrets;
import org.genaiconnector.tests.server.signon.KnownCallers;
import org.junit.jupiter.api.Test;

/** Container-managed sign-on: the administrator maps the application's callers to keys of the LLM service. */
interface SignOnChecks extends FullServer {

    @Test
    default void callersReachTheServiceWithTheKeysTheyAreMappedTo() throws Exception {
        try (Backend llm = Backend.start(Secrets.KEY, Secrets.ALICES_KEY, Secrets.EDITORS_KEY)) {
            Pool.llm(asadmin(), "mapped", llm.uri(), "property.apiKey=" + Secrets.KEY, "maxpoolsize=4");
            map("principals", "alice", Secrets.ALICES_KEY);
            map("usergroups", "editors", Secrets.EDITORS_KEY);
            asadmin().deploy("sign-on", Archives.signOn());

            for (int i = 0; i < 2; i++) {
                chat("alice");
                chat("bob"); // an editor
                chat("carol"); // neither
            }

            llm.assertServedInTurn(2, Secrets.ALICES_KEY, Secrets.EDITORS_KEY, Secrets.KEY);
        }
    }

    /** As docs/security.md says: with the real command, which takes passwords from files only. */
    private void map(String kind, String whom, String key) throws Exception {
        Path passwords = Files.writeString(Path.of("target", "mapped.txt"), "AS_ADMIN_MAPPEDPASSWORD=" + key)
                .toAbsolutePath();
        payara().command(
                        "--passwordfile",
                        passwords.toString(),
                        "create-connector-security-map",
                        "--poolname",
                        "mapped",
                        "--" + kind,
                        whom,
                        "--mappedusername",
                        "any",
                        whom + "s-key");
    }

    private void chat(String caller) throws Exception {
        URI address = payara().uri().resolve("/sign-on/sign-on/chat?text=Hello");
        String credentials = caller + ":" + KnownCallers.password(caller);
        HttpRequest request = HttpRequest.newBuilder(address)
                .version(HttpClient.Version.HTTP_1_1)
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.US_ASCII)))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
    }
}
