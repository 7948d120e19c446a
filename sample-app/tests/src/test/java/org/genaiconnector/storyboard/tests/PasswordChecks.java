package org.genaiconnector.storyboard.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The administration of the launcher's Payara Server, which accepts commands only with the password that it printed. */
interface PasswordChecks extends Application {

    Pattern CONSOLE = Pattern.compile(
            "(?m)^Administration console: (http://localhost:\\d+/) +\\(user admin, password ([\\w=-]{20,})\\)$");

    /** Address and password, which the launcher prints once. */
    default MatchResult console() throws Exception {
        String output = storyboard().output();
        MatchResult console = CONSOLE.matcher(output).results().findFirst().orElseThrow();
        assertThat(storyboard().log().split(Pattern.quote(console.group(2)), -1))
                .hasSize(2);
        return console;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/management/domain", "/management/domain/version", "/__asadmin/version"})
    default void acceptsNoCommandWithoutThePassword(String path) throws Exception {
        MatchResult console = console();
        Rest admin = new Rest(URI.create(console.group(1)));

        assertThat(admin.send(admin.request(path).header("X-Requested-By", "a page of another origin")))
                .matches(PasswordChecks::isRefusal);
        assertThat(admin.send(authorized(admin, path, ""))).matches(PasswordChecks::isRefusal);
        assertThat(admin.send(authorized(admin, path, "admin"))).matches(PasswordChecks::isRefusal);
        Rest.Answer answer = admin.send(authorized(admin, path, console.group(2)));

        assertThat(isRefusal(answer)).as(answer.text()).isFalse();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers().map()).doesNotContainKeys("Server", "server", "X-Powered-By", "x-powered-by");
    }

    /** The address of commands always answers with 200. */
    private static boolean isRefusal(Rest.Answer answer) {
        return answer.status() == 401 || answer.text().contains("Exit Code : FAILURE");
    }

    private static HttpRequest.Builder authorized(Rest admin, String path, String password) {
        String credentials = Base64.getEncoder().encodeToString(("admin:" + password).getBytes(StandardCharsets.UTF_8));
        return admin.request(path)
                .header("Authorization", "Basic " + credentials)
                .header("X-Requested-By", "asadmin");
    }
}
