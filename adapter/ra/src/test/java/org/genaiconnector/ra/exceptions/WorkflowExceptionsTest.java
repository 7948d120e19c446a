package org.genaiconnector.ra.exceptions;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.NodeError;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowCheck;
import org.genaiconnector.comfyui.WorkflowRejectedException;
import org.genaiconnector.ra.comfyui.WorkflowTemplateImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What workflows and templates that cannot be used are refused with. */
class WorkflowExceptionsTest {
    private static final String NODE = "{\"1\": {\"class_type\": \"A\", \"inputs\": {\"text\": \"\"}}}";

    private static final String COPY = "Copy the PNG again.";

    static List<ExceptionExample> examples() {
        return List.of(
                workflow(
                        "The workflow is not a JSON object: ...",
                        "Pass the file that ComfyUI's menu *Export (API)* writes.",
                        () -> Workflow.parse("{")),
                workflow(
                        "This workflow is in ComfyUI's UI format, which cannot be run: export it with \"Export (API)\" (older"
                                + " versions: enable dev mode, then \"Save (API Format)\")",
                        "Export it as the message says.",
                        () -> Workflow.parse("{\"nodes\": [], \"links\": []}")),
                workflow(
                        "This is a whole request, not a workflow: pass the value of its member \"prompt\"",
                        "Pass only that value.",
                        () -> Workflow.parse("{\"prompt\": " + NODE + "}")),
                workflow("The workflow has no nodes", "Pass a workflow with nodes.", () -> Workflow.parse("{}")),
                workflow(
                        "The workflow has wrong nodes...",
                        "`nodeErrors()` names each node and what is wrong with it.",
                        () -> Workflow.parse("{\"1\": {\"inputs\": {}}}")),
                workflow(
                        "The workflow cannot be used: ...",
                        "Remove the number or the nesting that the message names: no ComfyUI can run it.",
                        () -> Workflow.parse(
                                "{\"1\": {\"class_type\": \"A\", \"inputs\": {\"n\": 1" + "0".repeat(5_000) + "}}}")),
                workflow(
                        "The workflow has more than 20000 nodes, more than any ComfyUI runs",
                        "Split the workflow.",
                        () -> Workflow.parse(IntStream.rangeClosed(0, 20_000)
                                .mapToObj(id -> "\"" + id + "\": {\"class_type\": \"A\", \"inputs\": {}}")
                                .collect(Collectors.joining(",", "{", "}")))),
                workflow(
                        "The picture is no PNG, and only PNG is read",
                        "Pass the PNG as ComfyUI saved it.",
                        () -> Workflow.fromPng(new byte[] {(byte) 0xff, (byte) 0xd8})),
                workflow(
                        "The picture ends before a workflow is found in it: it is cut off",
                        "Pass the whole PNG.",
                        () -> Workflow.fromPng(png())),
                workflow(
                        "The picture is damaged: what should be the head of a chunk is none",
                        COPY,
                        () -> Workflow.fromPng(png(-1, -1, -1, -1, -1, -1, -1, -1))),
                workflow(
                        "The picture is damaged: the checksum of its workflow is wrong",
                        COPY,
                        () -> Workflow.fromPng(chunk("tEXt", "prompt\0{}", 1))),
                workflow(
                        "The picture is damaged: its workflow has no text",
                        COPY,
                        () -> Workflow.fromPng(chunk("iTXt", "prompt\0", 0))),
                workflow(
                        "The picture is damaged: its workflow cannot be unpacked: ...",
                        COPY,
                        () -> Workflow.fromPng(chunk("zTXt", "prompt\0\0packed", 0))),
                workflow(
                        "The picture has a text of more than ... bytes in it, which is not read",
                        "Use a PNG that ComfyUI saved itself: no workflow is that large.",
                        () -> Workflow.fromPng(png(0x7f, -1, -1, -1, 't', 'E', 'X', 't'))),
                workflow(
                        "The picture has no workflow in it: no text \"prompt\", as ComfyUI writes it unless metadata are switched"
                                + " off",
                        "Use a PNG that ComfyUI saved itself; picture editors and messengers remove the text.",
                        () -> Workflow.fromPng(png(0, 0, 0, 0, 'I', 'E', 'N', 'D'))),
                workflow(
                        "The workflow cannot run on this ComfyUI...",
                        "`nodeErrors()` names each node and what is wrong with it, such as a model that is not installed.",
                        () -> new WorkflowCheck(
                                        Optional.of(new NodeError("prompt_no_outputs", "Prompt has no outputs", "")),
                                        Map.of(),
                                        Map.of())
                                .orThrow()),
                template(
                        FailureCategory.NOT_FOUND,
                        "The template's workflow file ... cannot be read: there is no such file",
                        "Correct `workflowFile` of the administered object, or put the file there.",
                        "/no/such/workflow.json",
                        "",
                        Map.of()),
                ExceptionExample.of(
                        FailureCategory.INVALID_REQUEST,
                        "The template's workflow file ... is not in UTF-8",
                        "Save the file that `workflowFile` of the administered object names in UTF-8.",
                        () -> {
                            Path file = Files.createTempFile("workflow", ".json");
                            file.toFile().deleteOnExit();
                            Files.write(file, new byte[] {(byte) 0xff});
                            template(file.toString(), "").with(Map.of());
                        }),
                template(
                        FailureCategory.INVALID_REQUEST,
                        "The template with the workflow given in place has the parameter ..., which is not name=input",
                        "Correct `parameters` of the administered object.",
                        null,
                        "text",
                        Map.of()),
                template(
                        FailureCategory.INVALID_REQUEST,
                        "The template with the workflow given in place has the parameter ..., which leads nowhere: ...",
                        "Correct `parameters` of the administered object; the message lists the inputs.",
                        null,
                        "text=1.txt",
                        Map.of()),
                ExceptionExample.of(
                        IllegalArgumentException.class,
                        "The workflow template cannot be filled: .... Its parameters are ...",
                        "Pass the parameters that the message names; `parameters()` of the template lists all.",
                        () -> template(null, "text=1.text").with(Map.of("txt", "a cat"))));
    }

    /** A PNG that begins with a chunk of text, whose checksum is wrong by so much. */
    private static byte[] chunk(String type, String text, int wrongBy) {
        byte[] data = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
        CRC32 checksum = new CRC32();
        checksum.update(name);
        checksum.update(data);
        return ByteBuffer.allocate(20 + data.length)
                .put(png())
                .putInt(data.length)
                .put(name)
                .put(data)
                .putInt((int) checksum.getValue() + wrongBy)
                .array();
    }

    /** The signature of a PNG and these bytes. */
    private static byte[] png(int... bytes) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        for (int one : bytes) {
            png.write(one);
        }
        return png.toByteArray();
    }

    private static ExceptionExample workflow(String message, String remedy, ThrowingCallable provoke) {
        return ExceptionExample.of(WorkflowRejectedException.class, message, remedy, provoke);
    }

    private static ExceptionExample template(
            FailureCategory category,
            String message,
            String remedy,
            String file,
            String parameters,
            Map<String, String> values) {
        return ExceptionExample.of(
                category, message, remedy, () -> template(file, parameters).with(values));
    }

    private static WorkflowTemplateImpl template(String file, String parameters) {
        WorkflowTemplateImpl template = new WorkflowTemplateImpl();
        if (file == null) {
            template.setWorkflow(NODE);
        } else {
            template.setWorkflowFile(file);
        }
        template.setParameters(parameters);
        return template;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isRefused(ExceptionExample example) {
        example.check();
    }

    @Test
    void isDocumented() throws Exception {
        ExceptionExample.assertDocumented("workflows and templates", examples());
    }
}
