package org.genaiconnector.storyboard.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnPagesTest {

    private final OwnPages pages = new OwnPages(Set.of());

    private static Optional<Integer> status(OwnPages pages, OwnPages.Request request) {
        return pages.check(request).map(OwnPages.Refusal::status);
    }

    private Optional<Integer> post(String host, String origin, String site) {
        return status(
                pages,
                new OwnPages.Request(
                        "POST",
                        true,
                        List.of(host),
                        origin == null ? List.of() : List.of(origin),
                        site == null ? List.of() : List.of(site)));
    }

    private static OwnPages.Request get(boolean overLoopback, String... hosts) {
        return new OwnPages.Request("GET", overLoopback, List.of(hosts), List.of(), List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8080, , ",
        "localhost:8080, http://localhost:8080, same-origin",
        "localhost:8080, http://LOCALHOST:8080, ",
        "localhost:8080, , same-origin",
        "localhost:8080, , none",
        "localhost, http://localhost, ",
        "localhost:80, http://localhost, ",
        "127.0.0.1:8080, http://127.0.0.1:8080, ",
        "[::1]:8080, http://[::1]:8080, ",
        "localhost, https://localhost, same-origin",
        "localhost:443, https://localhost, same-origin",
    })
    void takesWhatItsOwnPagesAndProgramsSend(String host, String origin, String site) {
        assertThat(post(host, origin, site)).isEmpty();
    }

    @Test
    void takesWhatItsPagesSendUnderNamesOfContainers() {
        for (String host : List.of("story_board:8080", "story_board")) {
            OwnPages.Request request =
                    new OwnPages.Request("POST", false, List.of(host), List.of("http://" + host), List.of());
            assertThat(status(pages, request)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stories.example", "Stories.Example:8080", "stories.example."})
    void readsNamesAsHostHeadersHaveThem(String configured) {
        OwnPages named = new OwnPages(Set.of(OwnPages.name(configured)));

        assertThat(status(named, get(true, "stories.example:8080"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8080, http://evil.example, cross-site",
        "localhost:8080, http://evil.example, ",
        "localhost:8080, , cross-site",
        "localhost:8080, , same-site",
        "localhost:8080, http://localhost:8080, same-site",
        "localhost:8080, http://localhost:8081, ",
        "localhost:8080, http://localhost, ",
        "localhost:8080, http://127.0.0.1:8080, ",
        "localhost:8080, null, ",
        "localhost:8080, '', ",
        "localhost:8080, not an origin, ",
        "localhost:8080, http://localhost:8080.evil.example, ",
        "localhost:8080, http://localhost:8080@evil.example, ",
        "localhost:8080, file://, ",
    })
    void refusesWhatPagesOfOthersSend(String host, String origin, String site) {
        assertThat(post(host, origin, site)).contains(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH", "post", "MOVE"})
    void takesEveryOtherMethodForAChange(String method) {
        assertThat(status(
                        pages,
                        new OwnPages.Request(
                                method, true, List.of("localhost"), List.of("http://evil.example"), List.of())))
                .contains(403);
    }

    @Test
    void refusesASecondOriginBesideTheRightOne() {
        assertThat(status(
                        pages,
                        new OwnPages.Request(
                                "POST",
                                true,
                                List.of("localhost"),
                                List.of("http://localhost", "http://evil.example"),
                                List.of())))
                .contains(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "evil.localhost",
                "localhost:8080.evil.example",
                "",
            })
    void refusesNamesOfOthersWhereItListensOnLoopback(String host) {
        assertThat(status(pages, get(true, host))).contains(421);
    }

    @Test
    void refusesTwoNames() {
        assertThat(status(pages, get(true, "localhost", "localhost"))).contains(421);
        assertThat(status(pages, get(false, "localhost", "evil.example"))).contains(421);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost:8080",
                "localhost.:8080",
                "127.0.0.1",
                "127.1.2.3:80",
                "[::1]:8080",
                "[::1]"
            })
    void isKnownAsLocalhostAndByItsAddress(String host) {
        assertThat(status(pages, get(true, host))).isEmpty();
    }

    @Test
    void doesNotKnowItsNamesOffLoopbackUnlessTheyAreConfigured() {
        OwnPages named = new OwnPages(Set.of("stories.example"));

        assertThat(status(pages, get(false, "stories.example"))).isEmpty();
        assertThat(status(named, get(false, "stories.example:8080"))).isEmpty();
        assertThat(status(named, get(true, "Stories.Example"))).isEmpty();
        assertThat(status(named, get(false, "evil.example"))).contains(421);
    }
}
