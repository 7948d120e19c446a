package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmModel;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of models, page by page, also from gateways that do not know pages. */
class ModelListTest {
    @RegisterExtension
    static final SimulatedLlm llm = new SimulatedLlm();

    private static final LlmSimulator server = llm.simulator();

    private List<String> models(Provider provider) throws Exception {
        try (LlmConnection connection = llm.connect(provider, managed -> managed.setModel(null))) {
            return connection.listModels().stream().map(LlmModel::id).toList();
        }
    }

    private void page(String last, String... ids) {
        server.script()
                .at("/v1/models")
                .json("{\"data\":["
                        + String.join(
                                ",",
                                IntStream.range(0, ids.length)
                                        .mapToObj(i -> "{\"id\":\"" + ids[i] + "\"}")
                                        .toList())
                        + "],\"has_more\":true,\"last_id\":" + last + "}");
    }

    @Test
    void endsWhenAPageBringsNothingNew() throws Exception {
        page("\"b\"", "a", "b");
        page("\"c\"", "a", "b");
        page("\"d\"", "e");
        assertThat(models(Provider.ANTHROPIC)).containsExactly("a", "b");
        assertThat(server.traffic().requests()).hasSize(2);
    }

    @Test
    void endsWhenAPlaceRepeats() throws Exception {
        page("\"x\"", "a");
        page("\"x\"", "b");
        page("\"x\"", "c");
        assertThat(models(Provider.ANTHROPIC)).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "7"})
    void endsWithoutAPlaceToGoOn(String last) throws Exception {
        page(last, "a", "", "a");
        assertThat(models(Provider.ANTHROPIC)).containsExactly("a");
        assertThat(server.traffic().requests()).hasSize(1);
    }

    @Test
    void endsAfterSoManyPages() throws Exception {
        for (int i = 0; i < 60; i++) {
            page("\"m" + i + "\"", "m" + i);
        }
        assertThat(models(Provider.ANTHROPIC)).hasSize(50);
        assertThat(server.traffic().requests()).hasSize(50);
    }

    @Test
    void takesABareArray() throws Exception {
        server.script().at("/v1/models").json("[{\"id\":\"a\",\"type\":\"chat\"},{\"id\":\"b\"},{},null]");
        assertThat(models(Provider.LOCAL)).containsExactly("a", "b");
        server.script().at("/v1/models").json("[]");
        assertThat(models(Provider.OPENAI)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a\"", "7", "null", "{\"models\":[]}"})
    void refusesWhatIsNoList(String body) {
        server.script().at("/v1/models").json(body);
        assertThatThrownBy(() -> models(Provider.LOCAL))
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.PROTOCOL));
    }
}
