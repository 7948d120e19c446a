package org.genaiconnector.ra.comfyui.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.NodeClass;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowCheck;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.comfyui.files.FileSetup;
import org.genaiconnector.ra.comfyui.wire.NodeClassCodec;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The adapter's check of a workflow, compared with ComfyUI's validation. */
class WorkflowCheckTest {
    private static final String SCALED = """
            {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 0}},
             "2": {"class_type": "ImageScale", "inputs": {"image": ["1", 0], "upscale_method": "lanczos", "width": 4,
                   "height": 4, "crop": "disabled"}},
             "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0], "filename_prefix": "it/check"}}}""";

    @RegisterExtension
    private static final FileSetup setup = new FileSetup();

    static Stream<Arguments> wrongWorkflows() {
        return Stream.of(
                wrong("\"width\": 8", "\"width\": 0", "1", "value_smaller_than_min", "width"),
                wrong("\"width\": 8", "\"width\": 99999", "1", "value_bigger_than_max", "width"),
                wrong("\"width\": 8", "\"width\": \"wide\"", "1", "invalid_input_type", "width"),
                wrong("\"width\": 8", "\"width\": null", "1", "invalid_input_type", "width"),
                wrong("\"width\": 8, ", "", "1", "required_input_missing", "width"),
                wrong("\"lanczos\"", "\"magic\"", "2", "value_not_in_list", "upscale_method: 'magic'"),
                wrong(
                        "\"width\": 4",
                        "\"width\": [\"1\", 0]",
                        "2",
                        "return_type_mismatch",
                        "width, received_type(IMAGE)"));
    }

    private static Arguments wrong(String right, String wrong, String node, String type, String details) {
        assertThat(SCALED).contains(right);
        return Arguments.of(SCALED.replaceFirst(Pattern.quote(right), wrong), node, type, details);
    }

    @ParameterizedTest
    @MethodSource("wrongWorkflows")
    void saysWhatTheServerWouldSay(String json, String node, String type, String details) throws Exception {
        Workflow workflow = Workflow.parse(json);

        Map<String, List<NodeError>> told = setup.connection.check(workflow).nodeErrors();

        assertThat(told).containsOnlyKeys(node);
        assertThat(told.get(node)).singleElement().satisfies(error -> {
            assertThat(error.type()).isEqualTo(type);
            assertThat(error.details()).contains(details);
        });
        assertThatThrownBy(() -> setup.connection.queuePrompt(workflow))
                .isInstanceOfSatisfying(
                        WorkflowRejectedException.class,
                        rejection -> assertThat(types(rejection.nodeErrors())).isEqualTo(types(told)));
    }

    private static Map<String, Set<String>> types(Map<String, List<NodeError>> errors) {
        return errors.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue().stream().map(NodeError::type).collect(Collectors.toSet())));
    }

    @ParameterizedTest
    @MethodSource("rightValues")
    void acceptsWhatTheServerAccepts(String width) throws Exception {
        Workflow workflow = Workflow.parse(SCALED.replaceFirst("\"width\": 8", "\"width\": " + width));

        assertThat(setup.connection.check(workflow).nodeErrors()).isEmpty();
        assertThat(setup.connection.queuePrompt(workflow).nodeErrors()).isEmpty();
    }

    static Stream<String> rightValues() {
        return Stream.of("8", "8.9", "\"8\"", "\" 8 \"", "true", "1.0e1");
    }

    @Test
    void namesEverythingThatIsWrong() throws Exception {
        WorkflowCheck check = setup.connection.check(Workflow.parse(SCALED.replace("\"color\": 0", "\"color\": -1")
                .replace("\"height\": 8", "\"height\": 0")
                .replace("disabled", "sideways")));

        assertThat(types(check.nodeErrors()))
                .isEqualTo(Map.of("1", Set.of("value_smaller_than_min"), "2", Set.of("value_not_in_list")));
        assertThat(check.nodeErrors().get("1")).hasSize(2);
        assertThatThrownBy(check::orThrow)
                .isInstanceOf(WorkflowRejectedException.class)
                .hasMessageContaining("node 1")
                .hasMessageContaining("color")
                .hasMessageContaining("sideways");
    }

    @Test
    void namesClassesThatTheServerDoesNotHave() throws Exception {
        WorkflowCheck check = setup.connection.check(Workflow.parse(SCALED.replace("ImageScale", "ImageShrink")));

        assertThat(check.nodeErrors().get("2")).singleElement().satisfies(error -> {
            assertThat(error.type()).isEqualTo("missing_node_type");
            assertThat(error.details()).isEqualTo("ImageShrink");
        });
    }

    @Test
    void saysNothingOfClassesThatTheServerReplaces() throws Exception {
        setup.faults.next(
                Match.path("/api/node_replacements"),
                Fault.status(200).json("{\"ImageShrink\": [{\"new_node_id\": \"ImageScale\"}]}"));

        assertThat(setup.connection
                        .check(Workflow.parse(SCALED.replace("ImageScale", "ImageShrink")))
                        .isValid())
                .isTrue();
    }

    @Test
    void wantsANodeThatPutsSomethingOut() throws Exception {
        WorkflowCheck check = setup.connection.check(Workflow.parse("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 0}}}"""));

        assertThat(check.isValid()).isFalse();
        assertThat(check.error().orElseThrow().type()).isEqualTo("prompt_no_outputs");
        assertThatThrownBy(check::orThrow).hasMessageContaining("no outputs");
    }

    @Test
    void leavesNodesThatNothingDependsOnAlone() throws Exception {
        Workflow workflow = Workflow.parse(
                "{\"9\": {\"class_type\": \"EmptyImage\", \"inputs\": {\"width\": 0}}, " + SCALED.substring(1));

        assertThat(setup.connection.check(workflow).isValid()).isTrue();
        assertThat(setup.connection.queuePrompt(workflow).nodeErrors()).isEmpty();
    }

    @Test
    void namesLinksToOutputsThatThereAreNot() throws Exception {
        WorkflowCheck check = setup.connection.check(Workflow.parse(SCALED.replace("[\"2\", 0]", "[\"2\", 3]")));

        assertThat(check.nodeErrors().get("3"))
                .singleElement()
                .satisfies(error -> assertThat(error.details()).isEqualTo("images -> 2[3]"));
    }

    @Test
    void findsUploadedFilesWhereverTheyAre() throws Exception {
        Files.createDirectories(setup.server.outputDirectory().resolve("it"));
        setup.output("it/made.png", new byte[] {1});
        setup.connection.check(loading("whatever.png")); // so that something old is remembered
        String uploaded = setup.connection
                .uploadImage(Upload.of("new.png", new byte[] {1}).withSubfolder("sub"))
                .reference();

        assertThat(setup.connection.check(loading(uploaded)).isValid()).isTrue();
        assertThat(setup.connection.check(loading("it/made.png [output]")).isValid())
                .isTrue();
        for (String wrong : new String[] {"gone.png", "sub/gone.png", "it/made.png", "../made.png [output]", ""}) {
            assertThat(types(setup.connection.check(loading(wrong)).nodeErrors()))
                    .as(wrong)
                    .isEqualTo(Map.of("1", Set.of("custom_validation_failed")));
        }
    }

    /** Like real ones, nodes may check their files themselves, independent of their list. */
    @Test
    void acceptsFilesThatAreThereThoughNotInTheList() throws Exception {
        Map<String, NodeClass> classes =
                NodeClassCodec.all(LenientJson.read("""
                {"LoadLatent": {"output_node": true, "input": {"required": {"latent": [["a.latent"]]}}}}""").asJsonObject());
        Workflow workflow = Workflow.parse("""
                {"1": {"class_type": "LoadLatent", "inputs": {"latent": "b.latent [output]"}}}""");

        assertThat(WorkflowChecker.check(workflow, classes, Set.of(), "b.latent [output]"::equals)
                        .isValid())
                .isTrue();
        assertThat(types(WorkflowChecker.check(workflow, classes, Set.of(), file -> false)
                        .nodeErrors()))
                .isEqualTo(Map.of("1", Set.of("value_not_in_list")));
    }

    private static Workflow loading(String image) throws WorkflowRejectedException {
        return Workflow.parse("""
                        {"1": {"class_type": "LoadImage", "inputs": {"image": "x"}},
                         "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""").with("1.image", image);
    }

    @Test
    void callsNothingWrongByMemoryAlone() throws Exception {
        Match sampler = Match.path("/api/object_info/EmptyImage");
        setup.faults.next(sampler, Fault.status(200).json("""
                {"EmptyImage": {"input": {"required": {"model": [["old.safetensors"]]}}, "output": ["IMAGE"]}}"""));
        assertThat(setup.connection.check(Workflow.parse(SCALED)).isValid()).isFalse();

        assertThat(setup.connection.check(Workflow.parse(SCALED)).isValid()).isTrue();
    }

    @Test
    void asksNothingOfAServerItKnows() throws Exception {
        setup.connection.check(Workflow.parse(SCALED));
        int before = setup.requestCount();

        assertThat(setup.connection.check(Workflow.parse(SCALED)).isValid()).isTrue();

        assertThat(setup.requestCount()).isEqualTo(before);
    }

    @Test
    void keepsQuietWhereOnlyTheServerKnows() throws Exception {
        Map<String, NodeClass> classes =
                NodeClassCodec.all(LenientJson.read("""
                {"Source": {"output": ["INT,FLOAT", "*", "COMFY_MATCHTYPE_V3"]},
                 "Sink": {"output_node": true, "input": {"required": {
                     "number": ["FLOAT"], "any": ["*"], "image": ["IMAGE,MASK"], "grows": ["COMFY_AUTOGROW_V3"],
                     "remote": ["COMBO", {"remote": {}}], "many": ["COMBO", {"options": ["a"], "multiselect": true}],
                     "one": ["COMBO", {"options": [1, 2]}]}}}}""").asJsonObject());
        Workflow workflow = Workflow.parse("""
                {"1": {"class_type": "Source", "inputs": {}},
                 "2": {"class_type": "Sink", "inputs": {"number": ["1", 0], "any": ["1", 0], "image": ["1", 2],
                       "remote": "x", "many": {"__value__": ["b"]}, "one": 2}}}""");

        assertThat(WorkflowChecker.check(workflow, classes, Set.of(), file -> false)
                        .nodeErrors())
                .isEmpty();
    }

    private static WorkflowCheck check(String classes, String workflow) throws Exception {
        return WorkflowChecker.check(
                Workflow.parse(workflow),
                NodeClassCodec.all(LenientJson.read(classes).asJsonObject()),
                Set.of(),
                file -> false);
    }

    @Test
    void noticesAnEmptyFolderOfModels() throws Exception {
        String workflow = """
                {"1": {"class_type": "Loader", "inputs": {"ckpt_name": "sd.safetensors"}}}""";
        for (String choices : new String[] {"[[]]", "[[], {}]", "[\"COMBO\", {\"options\": []}]", "[\"COMBO\", {}]"}) {
            WorkflowCheck check = check("""
                    {"Loader": {"output_node": true, "input": {"required": {"ckpt_name": %s}}}}""".formatted(choices), workflow);
            assertThat(check.nodeErrors().get("1")).as(choices).singleElement().satisfies(error -> {
                assertThat(error.type()).isEqualTo("value_not_in_list");
                assertThat(error.details()).isEqualTo("ckpt_name: 'sd.safetensors' not in []");
            });
        }
    }

    @Test
    void reportsARequiredInputOfAnyOneTypeThatIsMissing() throws Exception {
        String classes = """
                {"Switch": {"output_node": true, "input": {"required": {
                    "value": ["COMFY_MATCHTYPE_V3", {"template": {"template_id": "t", "allowed_types": "*"}}],
                    "grows": ["COMFY_AUTOGROW_V3", {}]}}}, "Source": {"output": ["IMAGE"]}}""";

        assertThat(types(check(classes, "{\"1\": {\"class_type\": \"Switch\", \"inputs\": {}}}")
                        .nodeErrors()))
                .isEqualTo(Map.of("1", Set.of("required_input_missing")));
        assertThat(check(classes, """
                        {"1": {"class_type": "Switch", "inputs": {"value": ["2", 0]}},
                         "2": {"class_type": "Source", "inputs": {}}}""").isValid()).isTrue();
    }

    @Test
    void refusesAListAsOneChoice() throws Exception {
        WorkflowCheck check = check(
                "{\"A\": {\"output_node\": true, \"input\": {\"required\": {\"one\": [[\"a\", \"b\"]]}}}}",
                "{\"1\": {\"class_type\": \"A\", \"inputs\": {\"one\": {\"__value__\": [\"a\"]}}}}");

        assertThat(types(check.nodeErrors())).isEqualTo(Map.of("1", Set.of("value_not_in_list")));
    }

    @Test
    void onlyDoubtsLimitsThatThirdPartiesMayCheckThemselves() throws Exception {
        String classes = """
                {"Their": {"output_node": true, "python_module": "custom_nodes.their", "input": {"required": {
                    "mode": [["a", "b"]], "count": ["INT", {"max": 5}], "must": ["IMAGE"]}}}}""";
        WorkflowCheck check = check(
                classes,
                "{\"1\": {\"class_type\": \"Their\", \"inputs\": {\"mode\": \"c\", \"count\": 6, \"must\": \"x\"}}}");

        assertThat(check.isValid()).isTrue();
        assertThat(types(check.doubts())).isEqualTo(Map.of("1", Set.of("value_not_in_list", "value_bigger_than_max")));
        assertThat(types(check(classes, "{\"1\": {\"class_type\": \"Their\", \"inputs\": {\"count\": \"x\"}}}")
                        .nodeErrors()))
                .isEqualTo(Map.of("1", Set.of("invalid_input_type", "required_input_missing")));
        assertThat(check(
                                classes.replace("custom_nodes.their", "nodes"),
                                "{\"1\": {\"class_type\": \"Their\", \"inputs\": {\"mode\": \"c\", \"count\": 6, \"must\": 1}}}")
                        .isValid())
                .isFalse();
    }

    @Test
    void takesTheLastOutputAndRefusesOnesBeforeTheFirst() throws Exception {
        for (String slot : new String[] {"-1", "0"}) {
            Workflow workflow = Workflow.parse(SCALED.replace("[\"2\", 0]", "[\"2\", " + slot + "]"));
            assertThat(setup.connection.check(workflow).isValid()).as(slot).isTrue();
            assertThat(setup.connection.queuePrompt(workflow).nodeErrors())
                    .as(slot)
                    .isEmpty();
        }
        assertThat(setup.connection
                        .check(Workflow.parse(SCALED.replace("[\"2\", 0]", "[\"2\", -2]")))
                        .nodeErrors())
                .containsOnlyKeys("3");
    }

    @Test
    void takesListsInInputsThatNoClassDeclares() throws Exception {
        Workflow workflow =
                Workflow.parse(SCALED.replace("\"color\": 0", "\"color\": 0, \"rgb\": [255, 0, 128], \"none\": []"));

        assertThat(setup.connection.check(workflow).isValid()).isTrue();
        assertThat(setup.connection.queuePrompt(workflow).nodeErrors()).isEmpty();
    }

    @Test
    void refusesListsInInputsThatAClassDeclares() throws Exception {
        for (String list : new String[] {"[1]", "[]", "[1, 2, 3]", "[7, 0]"}) {
            WorkflowCheck check =
                    setup.connection.check(Workflow.parse(SCALED.replaceFirst("\"width\": 8", "\"width\": " + list)));
            assertThat(check.nodeErrors()).as(list).containsOnlyKeys("1");
        }
    }

    @Test
    void leavesBrokenLinksAloneThatNoOutputNeeds() throws Exception {
        Workflow workflow =
                Workflow.parse("{\"9\": {\"class_type\": \"ImageInvert\", \"inputs\": {\"image\": [\"99\", 0]}}, "
                        + SCALED.substring(1));

        assertThat(setup.connection.check(workflow).isValid()).isTrue();
        assertThat(setup.connection.queuePrompt(workflow).nodeErrors()).isEmpty();
    }

    @Test
    void sendsNoBrokenLinkThatAnOutputNeedsAlsoWhereOnlyTheServerKnowsTheOutput() throws Exception {
        for (String type : new String[] {"ImageInvert", "LabUnknown"}) {
            String end = type.equals("ImageInvert") ? "UnseenOutput" : type;
            setup.faults.next(
                    Match.path("/api/object_info/UnseenOutput"),
                    Fault.status(200).json("{\"UnseenOutput\": {\"output_node\": true, \"output\": []}}"));
            Workflow workflow =
                    Workflow.parse("{\"8\": {\"class_type\": \"" + end + "\", \"inputs\": {\"any\": [\"9\", 0]}},"
                            + " \"9\": {\"class_type\": \"" + type + "\", \"inputs\": {\"odd\": [\"99\", 0]}}, "
                            + SCALED.substring(1));

            assertThatThrownBy(() -> setup.connection.queuePrompt(workflow))
                    .isInstanceOfSatisfying(
                            WorkflowRejectedException.class,
                            rejection -> assertThat(rejection.nodeErrors()).containsOnlyKeys("9"))
                    .hasMessageContaining("odd -> 99");
            assertThat(setup.requests("/api/prompt")).isEmpty();
        }
    }

    @Test
    void namesBrokenLinksThatAnOutputNeeds() throws Exception {
        WorkflowCheck check = check("""
                {"Odd": {"output_node": true, "input": {"required": {"image": ["IMAGE"]}}},
                 "EmptyImage": {"output": ["IMAGE"]}, "Sink": {"output_node": true}}""", """
                {"1": {"class_type": "Odd", "inputs": {"image": ["99", 0], "extra": ["98", true]}},
                 "2": {"class_type": "EmptyImage", "inputs": {}},
                 "3": {"class_type": "Sink", "inputs": {"image": ["2", 0]}}}""");

        assertThat(check.nodeErrors()).containsOnlyKeys("1");
        assertThat(check.nodeErrors().get("1"))
                .extracting(NodeError::type, NodeError::details)
                .containsExactly(
                        tuple("missing_linked_node", "image -> 99"), tuple("missing_linked_node", "extra -> 98"));
    }

    @Test
    void comparesChoicesThatAreNumbersAsPythonDoes() throws Exception {
        String classes = "{\"A\": {\"output_node\": true, \"input\": {\"required\": {\"one\": [[1, 2.5, \"x\"]]}}}}";
        for (String right : new String[] {"1", "1.0", "2.5", "25e-1", "\"x\""}) {
            assertThat(check(classes, "{\"1\": {\"class_type\": \"A\", \"inputs\": {\"one\": " + right + "}}}")
                            .isValid())
                    .as(right)
                    .isTrue();
        }
        for (String wrong : new String[] {"2", "\"y\"", "null", "{}", "1e400"}) {
            assertThat(check(classes, "{\"1\": {\"class_type\": \"A\", \"inputs\": {\"one\": " + wrong + "}}}")
                            .isValid())
                    .as(wrong)
                    .isFalse();
        }
    }

    @Test
    void asksForAllClassesAtOnceWhereAWorkflowHasVeryMany() throws Exception {
        StringBuilder many = new StringBuilder("{");
        for (int i = 0; i < 150; i++) {
            many.append("\"n%d\": {\"class_type\": \"Unknown%d\", \"inputs\": {}}, ".formatted(i, i));
        }
        WorkflowCheck check = setup.connection.check(Workflow.parse(many + SCALED.substring(1)));

        assertThat(check.nodeErrors()).hasSize(150);
        assertThat(setup.requests("/api/object_info")).hasSize(1);
    }

    @Test
    void takesWhatASimulatorOfAnyClassTakes() throws Exception {
        try (FileSetup any = new FileSetup(ComfyUiSimulator.Builder::acceptAnyClass).start();
                ComfyUiConnection connection = any.factory.getConnection()) {
            Workflow workflow = Workflow.parse("""
                    {"1": {"class_type": "Odd", "inputs": {"rgb": [1, 2, 3]}},
                     "2": {"class_type": "SaveImage", "inputs": {"images": ["1", -1], "filename_prefix": "it/any"}}}""");

            assertThat(connection.check(workflow).isValid()).isTrue();
            assertThat(connection.queuePrompt(workflow).nodeErrors()).isEmpty();
        }
    }

    @Test
    void judgesReferencesOfAnyLengthAtOnce() {
        String blanks = " ".repeat(200_000);
        assertThat(CatalogueCheck.file("a.png" + blanks + "x").filename()).hasSize(200_006);
        assertThat(CatalogueCheck.file("in/a.png" + blanks + "[temp]"))
                .isEqualTo(new UploadedFile("a.png", "in", FileDirectory.TEMP));
        assertThat(CatalogueCheck.file("in/a [odd]")).isEqualTo(new UploadedFile("a [odd]", "in", FileDirectory.INPUT));
        assertThat(CatalogueCheck.file("[input]")).isEqualTo(new UploadedFile("", "", FileDirectory.INPUT));
        assertThat(CatalogueCheck.file("a[output]")).isEqualTo(new UploadedFile("a", "", FileDirectory.OUTPUT));
        assertThat(CatalogueCheck.file("/etc/passwd").fault()).isPresent();
        assertThat(CatalogueCheck.file("/passwd").fault()).isPresent();
    }
}
