package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.Embedding;
import org.genaiconnector.llm.EmbeddingRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Embeddings. Applications store vectors beside their texts, so an answer that does not fit the texts exactly must fail. */
class EmbeddingTest {
    private static final EmbeddingRequest TWO = EmbeddingRequest.of(List.of("one", "two"));

    @RegisterExtension
    static final SimulatedLlm llm = new SimulatedLlm();

    private static final LlmSimulator server = llm.simulator();

    private static LlmConnection connect(String omitted) throws Exception {
        return llm.connect(Provider.LOCAL, managed -> {
            managed.setMaxRetries(0);
            managed.setOmittedFields(omitted);
        });
    }

    private static Embedding embed(EmbeddingRequest request) throws Exception {
        try (LlmConnection connection = connect(null)) {
            return connection.embed(request);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'data':[{'index':0,'embedding':[1,2]}]} | answered 2 texts with 1 embeddings",
                "{'data':[{'index':0,'embedding':[1]},{'index':1,'embedding':[1]},{'index':2,'embedding':[1]}]} | with 3",
                "{'data':[]} | with 0 embeddings",
                "{'data':null} | with 0 embeddings",
                "{} | with 0 embeddings",
                "[[1,2],[3,4]] | with 0 embeddings",
                "{'data':[{'embedding':[1,2]},{'embedding':[]}]} | empty embedding at position 1",
                "{'data':[{'embedding':null},{'embedding':[1,2]}]} | empty embedding at position 0",
                "{'data':[{'embedding':[1,2]},{'object':'embedding'}]} | empty embedding at position 1",
                "{'data':[{'embedding':[1,2]},null]} | empty embedding at position 1",
                "{'data':[{'embedding':[1,2]},{'embedding':''}]} | empty embedding at position 1",
                "{'data':[{'embedding':[1,2]},{'embedding':[1,2,3]}]} | of 3 numbers at position 1 instead of 2",
                "{'data':[{'embedding':[1,2]},{'embedding':'AACAPw=='}]} | of 1 numbers at position 1",
                "{'data':[{'embedding':[1,2]},{'embedding':[1,null]}]} | not all numbers",
                "{'data':[{'embedding':[1,2]},{'embedding':[1,'2']}]} | not all numbers",
                "{'data':[{'embedding':[1,2]},{'embedding':[1,NaN]}]} | not all numbers",
                "{'data':[{'embedding':[1,2]},{'embedding':[1,1e300]}]} | not all numbers",
                "{'data':[{'embedding':[[1,2]]},{'embedding':[[3,4]]}]} | not all numbers",
                "{'data':[{'embedding':'AADAfw=='},{'embedding':'AACAPw=='}]} | not all numbers",
                "{'data':[{'embedding':'AACAP'},{'embedding':'AACAPw=='}]} | neither numbers nor base64",
                "{'data':[{'embedding':'AACA'},{'embedding':'AACAPw=='}]} | cut within a number",
                "{'data':[{'embedding':[1]},{'embedding':[2]}]} {} | not JSON",
                "{'data':[{'embedding':[1]},{'embedding':[2]} | not JSON",
            })
    void refusesWhatDoesNotFitTheTexts(String answer, String words) throws Exception {
        server.script().json(answer.replace('\'', '"'));
        assertThatThrownBy(() -> embed(TWO))
                .isInstanceOfSatisfying(GenAiException.class, e -> {
                    assertThat(e.category()).isEqualTo(FailureCategory.PROTOCOL);
                    assertThat(e.isRetryable()).isFalse();
                })
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource({
        "0,1,1,2",
        "1,0,2,1",
        "0,0,1,2",
        "1,2,1,2",
        "2,1,1,2",
        "-1,0,1,2",
        "null,null,1,2",
        "'\"1\"','\"0\"',1,2"
    })
    void ordersByIndexesOnlyIfTheyAreAPermutation(String first, String second, float one, float two) throws Exception {
        server.script()
                .json("{\"data\":[{\"index\":" + first + ",\"embedding\":[1,0]},{\"embedding\":[2,0],\"index\":"
                        + second + "}]}");
        assertThat(embed(TWO).vectors()).containsExactly(new float[] {one, 0}, new float[] {two, 0});
    }

    @Test
    void acceptsBase64AlsoIfNotRequested() throws Exception {
        server.script().json("{\"data\":[{\"embedding\":\"AACAPwAAAMA=\"},{\"embedding\":[0.5,1]}],\"usage\":null}");
        assertThat(embed(TWO).vectors()).containsExactly(new float[] {1, -2}, new float[] {0.5f, 1});
    }

    @Test
    void sendsWhatTheRequestWants() throws Exception {
        JsonObject extra = Json.createObjectBuilder()
                .add("input_type", "query")
                .add("encoding_format", JsonValue.NULL)
                .build();
        Embedding embedding = embed(TWO.withModel("m").withDimensions(7).withExtra(extra));

        assertThat(embedding.vectors()).hasSize(2).allMatch(vector -> vector.length == 7);
        assertThat(llm.lastBody())
                .isEqualTo(LenientJson.read(
                        "{\"model\":\"m\",\"input\":[\"one\",\"two\"],\"dimensions\":7,\"input_type\":\"query\"}"));
    }

    @Test
    void usuallyAsksForNumbers() throws Exception {
        try (LlmConnection connection = connect(null)) {
            assertThat(connection
                            .embed(EmbeddingRequest.of("one").withModel("m"))
                            .model())
                    .isEqualTo("m");
        }
        assertThat(llm.lastBody())
                .isEqualTo(LenientJson.read("{\"model\":\"m\",\"input\":[\"one\"],\"encoding_format\":\"float\"}"));
    }

    @Test
    void leavesOutWhatTheAdministratorOmits() throws Exception {
        try (LlmConnection connection = connect("encoding_format")) {
            connection.embed(TWO);
            assertThat(llm.lastBody()).containsOnlyKeys("model", "input");
            connection.embed(TWO.withExtra(
                    Json.createObjectBuilder().add("encoding_format", "base64").build()));
            assertThat(llm.lastBody()).containsOnlyKeys("model", "input", "encoding_format");
        }
    }

    @Test
    void noticesThatTheDimensionsWereIgnored() {
        server.script().json("{\"data\":[{\"embedding\":[1,2]},{\"embedding\":[3,4]}]}");
        assertThatThrownBy(() -> embed(TWO.withDimensions(1)))
                .hasMessageContaining("of 2 numbers at position 0 instead of 1");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void dimensionsMustBePositive(int dimensions) {
        assertThatThrownBy(() -> TWO.withDimensions(dimensions)).hasMessageContaining("dimensions must be 1 or more");
    }

    @Test
    void saysThatThereIsNothingToEmbed() {
        assertThatThrownBy(() -> EmbeddingRequest.of(List.of())).hasMessage("There is nothing to embed");
    }
}
