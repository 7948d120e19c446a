package org.genaiconnector.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.junit.GenAiTest;
import org.genaiconnector.junit.TestAdapter;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.comfyui.WorkflowTemplateImpl;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;

/** Embeddings, retrieval, images and counts of tokens. */
class OtherModelsTest {

    @GenAiTest
    void embedsLongListsInSeveralCalls(LlmConnectionFactory llm, LlmSimulator backend) {
        EmbeddingModel model =
                ConnectorEmbeddingModel.builder().factory(llm).textsPerCall(2).build();

        var response = model.embedAll(
                List.of(TextSegment.from("lighthouse"), TextSegment.from("sea"), TextSegment.from("lighthouse")));

        assertThat(response.content()).hasSize(3);
        assertThat(response.content().get(0)).isEqualTo(response.content().get(2));
        assertThat(response.content().get(0)).isNotEqualTo(response.content().get(1));
        assertThat(response.tokenUsage().inputTokenCount()).isPositive();
        assertThat(backend.traffic().requests(request -> request.path().endsWith("/embeddings")))
                .hasSize(2);
    }

    @GenAiTest
    void namesTheParameterOfAnEmbeddingThatItCannotSend(LlmConnectionFactory llm) {
        EmbeddingModel model = ConnectorEmbeddingModel.of(llm);

        assertThatThrownBy(() -> model.embed(EmbeddingRequest.builder()
                        .input("sea")
                        .inputType(EmbeddingInputType.QUERY)
                        .build()))
                .isInstanceOf(UnsupportedFeatureException.class)
                .hasMessageContaining("inputType");
        assertThatThrownBy(() -> ConnectorEmbeddingModel.builder()
                        .factory(llm)
                        .dimensions(0)
                        .build()
                        .embed("sea"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("dimensions");
    }

    interface Librarian {
        String answer(String question);
    }

    @GenAiTest
    void retrievesWhatFits(LlmConnectionFactory llm, LlmSimulator backend) {
        EmbeddingModel embedding = ConnectorEmbeddingModel.of(llm);
        InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
        for (String text : List.of("The lighthouse opens at nine", "Whales are mammals")) {
            TextSegment segment = TextSegment.from(text, new Metadata());
            store.add(embedding.embed(segment).content(), segment);
        }
        Librarian librarian = AiServices.builder(Librarian.class)
                .chatModel(ConnectorChatModel.of(llm))
                .contentRetriever(EmbeddingStoreContentRetriever.builder()
                        .embeddingStore(store)
                        .embeddingModel(embedding)
                        .maxResults(1)
                        .build())
                .build();
        backend.script().says("At nine");

        assertThat(librarian.answer("The lighthouse opens at nine")).isEqualTo("At nine");
        var requests = backend.traffic().requests(request -> request.path().endsWith("/chat/completions"));
        assertThat(requests.get(0).bodyText())
                .contains("The lighthouse opens at nine")
                .doesNotContain("Whales");
    }

    @GenAiTest
    void countsTokensWhereTheServiceDoes(TestAdapter adapter, LlmSimulator backend, LlmConnectionFactory local) {
        TokenCountEstimator estimator = ConnectorTokenCountEstimator.of(adapter.llm(Map.of(
                "provider",
                "ANTHROPIC",
                "serverUrl",
                backend.anthropicUri().toString(),
                "model",
                "simulator",
                "apiKey",
                "sk-test")));

        int one = estimator.estimateTokenCountInMessage(UserMessage.from("a lighthouse at dusk"));
        int two = estimator.estimateTokenCountInMessages(
                List.of(UserMessage.from("a lighthouse at dusk"), AiMessage.from("a lighthouse at dusk")));

        assertThat(one).isPositive();
        assertThat(two).isGreaterThan(one);
        assertThat(estimator.estimateTokenCountInMessage(SystemMessage.from("Be brief")))
                .isPositive();
        assertThat(estimator.estimateTokenCountInMessages(List.of(SystemMessage.from("Be brief"))))
                .isPositive();
        assertThatThrownBy(() -> ConnectorTokenCountEstimator.of(local).estimateTokenCountInText("a lighthouse"))
                .isInstanceOf(UnsupportedFeatureException.class);
    }

    private static WorkflowTemplateImpl template(String nodes, String parameters) {
        WorkflowTemplateImpl template = new WorkflowTemplateImpl();
        template.setWorkflow(nodes);
        template.setParameters(parameters);
        return template;
    }

    /** Takes no time. */
    private static WorkflowTemplateImpl painting() {
        return template("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 9}},
                 "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "none"}}}""", "prompt=2.filename_prefix,size=1.width");
    }

    @GenAiTest
    void paintsByATemplate(ComfyUiConnectionFactory comfyUi, ComfyUiSimulator backend) {
        ImageModel model = ComfyUiImageModel.builder()
                .factory(comfyUi)
                .template(painting())
                .values(Map.of("size", 16))
                .build();

        List<Image> pictures = model.generate("lighthouse", 2).content();

        assertThat(pictures).hasSize(2).allSatisfy(picture -> {
            assertThat(picture.mimeType()).isEqualTo("image/png");
            assertThat(Base64.getDecoder().decode(picture.base64Data())).startsWith(0x89, 'P', 'N', 'G');
        });
        assertThat(model.generate("lighthouse").content().base64Data()).isNotEmpty();
        assertThat(comfyUi.statistics().connections().active()).isZero();
    }

    @GenAiTest
    void editsAnImageThatItUploads(ComfyUiConnectionFactory comfyUi) {
        Image picture =
                ComfyUiImageModel.of(comfyUi, painting()).generate("lighthouse").content();
        ImageModel editor = ComfyUiImageModel.builder()
                .factory(comfyUi)
                .template(template("""
                        {"1": {"class_type": "LoadImage", "inputs": {"image": "none.png"}},
                         "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "none"}}}""", "prompt=2.filename_prefix,image=1.image"))
                .imageParameter("image")
                .build();

        assertThat(editor.edit(picture, "brighter").content().base64Data()).isNotEmpty();
        assertThatThrownBy(() -> editor.edit(picture, picture, "brighter"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("maskParameter");
    }

    @GenAiTest
    void saysWhyThereIsNoPicture(ComfyUiConnectionFactory comfyUi) {
        assertThatThrownBy(
                        () -> ComfyUiImageModel.of(comfyUi, template(painting().getWorkflow(), "size=1.width"))
                                .generate("lighthouse"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("prompt");
        assertThatThrownBy(() -> ComfyUiImageModel.of(comfyUi, template("""
                        {"1": {"class_type": "NoSuchNode", "inputs": {"text": "x"}}}""", "prompt=1.text"))
                        .generate("lighthouse"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("NoSuchNode");
    }
}
