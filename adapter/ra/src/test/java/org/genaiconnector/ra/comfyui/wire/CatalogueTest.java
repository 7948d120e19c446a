package org.genaiconnector.ra.comfyui.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.genaiconnector.ra.comfyui.files.FileSetup.assertFails;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.NodeClass;
import org.genaiconnector.comfyui.NodeInput;
import org.genaiconnector.comfyui.NodeOutput;
import org.genaiconnector.comfyui.ServerFeatures;
import org.genaiconnector.ra.Traces;
import org.genaiconnector.ra.comfyui.files.FileSetup;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A backend's answers about its nodes, models and features. */
class CatalogueTest {
    @RegisterExtension
    private static final FileSetup setup = new FileSetup(server -> server.labNodes());

    @Test
    void describesNodes() throws Exception {
        try (ComfyUiConnection connection = setup.factory.getConnection()) {
            NodeClass sampler = connection.getNodeClass("KSampler").orElseThrow();

            assertThat(sampler.outputs()).extracting(NodeOutput::type).containsExactly("LATENT");
            assertThat(sampler.outputNode()).isFalse();
            NodeInput steps = sampler.input("steps").orElseThrow();
            assertThat(steps.type()).isEqualTo("INT");
            assertThat(steps.required()).isTrue();
            assertThat(steps.min()).hasValue(1);
            assertThat(steps.max()).hasValue(10_000);
            assertThat(sampler.input("sampler_name").orElseThrow().choices()).contains("euler");
            assertThat(connection.getNodeClass("SaveImage").orElseThrow().outputNode())
                    .isTrue();
            assertThat(connection.getNodeClass("LoadImage").orElseThrow().input("image"))
                    .hasValueSatisfying(image -> assertThat(image.upload()).isTrue());
            assertThat(connection.getNodeClass("NoSuchNode")).isEmpty();
        }
    }

    @Test
    void toleratesNumbersThatAreNone() throws Exception {
        try (ComfyUiConnection connection = setup.factory.getConnection()) {
            NodeInput x =
                    connection.getNodeClasses().get("LabInfinity").input("x").orElseThrow();
            assertThat(x.max()).isEmpty();
            assertThat(x.min()).isEmpty();
        }
    }

    @Test
    void readsBothFormsOfChoices() {
        Map<String, NodeClass> classes = read("""
                {"A": {"input": {"required": {"old": [["x", "y"], {}], "new": ["COMBO", {"options": ["x", "y"]}],
                                              "remote": ["COMBO", {"remote": {"route": "/r"}}]},
                                 "optional": {"any": ["*"], "odd": 7, "none": []}},
                       "output": [["x", "y"], "IMAGE"], "output_name": ["choice"], "output_is_list": [false, true]},
                 "B": {"input": {"required": {"old": [["x", "y"]]}}, "output_node": true, "deprecated": true},
                 "C": 5}""");

        NodeClass a = classes.get("A");
        assertThat(a.inputs()).extracting(NodeInput::name).containsExactly("old", "new", "remote", "any");
        assertThat(a.input("old").orElseThrow().choices()).containsExactly("x", "y");
        assertThat(a.input("new").orElseThrow().choices()).containsExactly("x", "y");
        assertThat(a.input("remote").orElseThrow().choices()).isEmpty();
        assertThat(a.input("any").orElseThrow().required()).isFalse();
        assertThat(a.outputs())
                .containsExactly(new NodeOutput("choice", "COMBO", false), new NodeOutput("IMAGE", "IMAGE", true));
        assertThat(classes).containsOnlyKeys("A", "B");
        assertThat(classes.get("B").deprecated()).isTrue();
    }

    @Test
    void keepsEqualListsOfChoicesOnlyOnce() {
        Map<String, NodeClass> classes = read("""
                {"A": {"input": {"required": {"lora": [["x", "y"]]}}}, "B": {"input": {"required": {"lora": [["x", "y"]]}}}}""");

        assertThat(classes.get("A").inputs().get(0).choices())
                .isSameAs(classes.get("B").inputs().get(0).choices());
    }

    private static Map<String, NodeClass> read(String json) {
        return NodeClassCodec.all(LenientJson.read(json).asJsonObject());
    }

    @Test
    void readsAllRecordings() throws Exception {
        List<Traces.Exchange> recorded = Traces.exchanges("comfyui").stream()
                .filter(exchange -> exchange.path().contains("/object_info/"))
                .toList();
        assertThat(recorded).isNotEmpty();
        for (Traces.Exchange exchange : recorded) {
            Map<String, NodeClass> classes =
                    NodeClassCodec.all(exchange.answer().jsonObject());
            assertThat(classes.values()).as(exchange.toString()).allSatisfy(known -> {
                assertThat(known.inputs()).isNotEmpty();
                assertThat(known.outputs()).isNotEmpty();
            });
        }
    }

    @Test
    void asksForNodesOnceUntilTheyAreForgotten() throws Exception {
        try (ComfyUiConnection connection = setup.factory.getConnection()) {
            connection.forgetNodeClasses();
            int before = setup.requestCount();
            connection.getNodeClasses();
            connection.getNodeClasses();
            connection.getNodeClass("KSampler");
            assertThat(setup.requests("/api/object_info", before)).hasSize(1);

            connection.forgetNodeClasses();
            connection.getNodeClass("KSampler");
            connection.getNodeClass("KSampler");
            assertThat(setup.requests("/api/object_info", before)).hasSize(2);
        }
    }

    @Test
    void remembersForABoundedTime() {
        AtomicLong clock = new AtomicLong();
        BackendCache memory = new BackendCache(clock::get);
        memory.learn(ServerFeatures.NONE);
        memory.learn(Map.of());
        memory.learn(read("{\"A\": {}}").get("A"));

        clock.set(BackendCache.SPAN.toNanos() - 1);
        assertThat(memory.features()).isPresent();
        assertThat(memory.nodeClasses()).isPresent();
        assertThat(memory.nodeClass("A")).isPresent();

        clock.set(BackendCache.SPAN.toNanos());
        assertThat(memory.features()).isEmpty();
        assertThat(memory.nodeClasses()).isEmpty();
        assertThat(memory.nodeClass("A")).isEmpty();
        assertThat(BackendCache.SPAN).isLessThanOrEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void listsModelsByFolder() throws Exception {
        try (ComfyUiConnection connection = setup.factory.getConnection()) {
            assertThat(connection.getModelFolders()).contains("checkpoints", "loras");
            assertThat(connection.getModels("checkpoints")).contains("dreamcoast_v2.safetensors");
            assertThat(connection.getModels("loras")).isEmpty();
            assertThat(connection.getEmbeddings()).isEmpty();
            for (String none : new String[] {"../etc", "..", ".", "", "none"}) {
                assertFails(
                        () -> connection.getModels(none),
                        FailureCategory.NOT_FOUND,
                        "no folder of models",
                        "\"" + none);
            }
            assertThat(connection.getNodeClass("..")).isEmpty();
            assertThat(connection.getNodeClass("")).isEmpty();
        }
    }

    @Test
    void tellsThatAServerIsTooOldForFoldersOfModels() throws Exception {
        setup.faults.next(Match.path("/api/models"), Fault.status(404));
        try (ComfyUiConnection connection = setup.factory.getConnection()) {
            assertFails(connection::getModelFolders, FailureCategory.UNSUPPORTED, "too old");
        }
    }

    @Test
    void refusesAListThatIsNone() throws Exception {
        setup.faults.next(Match.path("/api/embeddings"), Fault.status(200).json("{}"));
        try (ComfyUiConnection connection = setup.factory.getConnection()) {
            assertFails(connection::getEmbeddings, FailureCategory.PROTOCOL, "/api/embeddings");
        }
    }

    @Test
    void tellsFeatures() throws Exception {
        try (ComfyUiConnection connection = setup.factory.getConnection()) {
            ServerFeatures features = connection.getFeatures();
            assertThat(features.maxUploadSize()).hasValue(100 << 20);
            assertThat(features.previewMetadata()).isTrue();
            assertThat(features.assets()).isFalse();
            assertThat(features.raw().containsKey("extension")).isTrue();
        }
    }
}
