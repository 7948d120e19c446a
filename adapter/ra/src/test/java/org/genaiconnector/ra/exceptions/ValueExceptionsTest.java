package org.genaiconnector.ra.exceptions;

import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamConstants;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.Credentials;
import org.genaiconnector.comfyui.DownloadOptions;
import org.genaiconnector.comfyui.PreviewFormat;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.llm.CachePoint;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.EmbeddingRequest;
import org.genaiconnector.llm.FilePart;
import org.genaiconnector.llm.GenerationOptions;
import org.genaiconnector.llm.ImagePart;
import org.genaiconnector.llm.ProviderData;
import org.genaiconnector.llm.RawRequest;
import org.genaiconnector.llm.ResponseFormat;
import org.genaiconnector.llm.Role;
import org.genaiconnector.llm.ToolDefinition;
import org.genaiconnector.llm.ToolResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What wrong values of requests are refused with, where they are made and before anything is sent. */
class ValueExceptionsTest {

    private static final String TWINS = """
            {"1": {"class_type": "A", "inputs": {"text": ""}, "_meta": {"title": "Prompt"}},
             "2": {"class_type": "A", "inputs": {"text": ""}, "_meta": {"title": "Prompt"}}}""";

    static List<ExceptionExample> examples() throws Exception {
        Workflow workflow = Workflow.parse("{\"1\": {\"class_type\": \"A\", \"inputs\": {\"text\": \"\", \"n\": 1}}}");
        return List.of(
                value(
                        "A credential needs a secret (password or API key)",
                        "Pass the key or the password.",
                        () -> Credentials.apiKey(" ")),
                value(
                        "A chat needs at least one user message",
                        "Add a message of role user; system messages alone are no request.",
                        () -> ChatRequest.of(ChatMessage.system("Be brief."))),
                value("A message needs at least one part", "Add a text or another part.", () -> ChatMessage.user()),
                value(
                        "A ... cannot stand in a message of role ...",
                        "Put pictures and files into messages of the user.",
                        () -> new ChatMessage(Role.SYSTEM, List.of(ImagePart.of("image/png", new byte[] {1})))),
                value(
                        "A CachePoint stands after what is to be cached, not first",
                        "Put it after the text, image or file.",
                        () -> ChatMessage.user(CachePoint.HOUR)),
                value(
                        "A ... cannot be attached to a tool result",
                        "Attach images and files only; text has a place of its own.",
                        () -> new ToolResult("id", "text", false).with(CachePoint.HOUR)),
                value(
                        "maxOutputTokens must not be negative: ...",
                        "Give 0 or more, or no value for the default.",
                        () -> GenerationOptions.DEFAULTS.withMaxOutputTokens(-1)),
                value(
                        "topK must be 1 or more: ...",
                        "Give 1 or more, or no value.",
                        () -> GenerationOptions.DEFAULTS.withTopK(0)),
                value(
                        "temperature must be a number of 0 or more: ...",
                        "Give 0 or more. `topP` is checked likewise.",
                        () -> GenerationOptions.DEFAULTS.withTemperature(-1)),
                value(
                        "frequencyPenalty must be a number: ...",
                        "Give a finite number. `presencePenalty` is checked likewise.",
                        () -> GenerationOptions.DEFAULTS.withFrequencyPenalty(Double.NaN)),
                value(
                        "A method has upper-case letters only: ...",
                        "Write `GET`, `POST` and the like.",
                        () -> RawRequest.of("get", "/models")),
                value(
                        "A path is encoded: ...",
                        "Encode spaces and the like: `%20`.",
                        () -> RawRequest.of("GET", "/a b")),
                value(
                        "A path begins with one slash and stays below the factory's address: ...",
                        "Give what follows the pool's `serverUrl`, such as `/models`.",
                        () -> RawRequest.of("GET", "/../admin")),
                value(
                        "The header ... is set by the connection",
                        "Leave it out: credentials are the pool's, or those of `getConnection(credentials)`.",
                        () -> RawRequest.of("GET", "/models").withHeader("Authorization", "x")),
                value(
                        "This is no header: ...",
                        "Correct its name, or make its value one line.",
                        () -> RawRequest.of("GET", "/models").withHeader("X-Trace", "a\nb")),
                value("There is nothing to embed", "Pass at least one text.", () -> EmbeddingRequest.of(List.of())),
                value(
                        "dimensions must be 1 or more: ...",
                        "Give 1 or more, or no value.",
                        () -> EmbeddingRequest.of("a").withDimensions(0)),
                value(
                        "A tool's name has 1 to 64 letters, digits, underscores and hyphens: ...",
                        "Rename the tool.",
                        () -> ToolDefinition.of("get weather", "", JsonValue.EMPTY_JSON_OBJECT)),
                value(
                        "A schema's name has 1 to 64 letters, digits, underscores and hyphens: ...",
                        "Rename the schema.",
                        () -> ResponseFormat.schema("a city", JsonValue.EMPTY_JSON_OBJECT)),
                value(
                        "Provider data must be a JSON object",
                        "Store `providerData()` as it was, and pass it back unchanged.",
                        () -> new ProviderData("OPENAI", "[]")),
                value(
                        "number must be finite: ...",
                        "Give a finite number.",
                        () -> Submission.of(workflow).withNumber(Double.NaN)),
                value(
                        "A submission has front or number, not both: number is ..., and front is true",
                        "Give only one of them: both say where in the queue the job goes.",
                        () -> Submission.of(workflow).withFront(true).withNumber(1)),
                value(
                        "A tag has 1 to 200 characters: ...",
                        "Shorten the tag, or give none.",
                        () -> Submission.of(workflow).withTag("")),
                value(
                        "A required tag has 1 to 200 characters: ...",
                        "Require a tag as the administrator has given it to an address in `serverUrl`.",
                        () -> Submission.of(workflow).withRequired(" ")),
                value(
                        "extraData.extra_pnginfo must be a JSON object",
                        "Pass an object, whose members ComfyUI writes into its pictures.",
                        () -> Submission.of(workflow)
                                .withExtraData(Json.createObjectBuilder()
                                        .add("extra_pnginfo", 1)
                                        .build())),
                value(
                        "The file name ... cannot be used for an upload: it has a folder in it",
                        "Give the folder as `subfolder`. Other reasons are names that are empty, too long or have control"
                                + " characters.",
                        () -> Upload.of("a/b.png", new byte[0])),
                value(
                        "The subfolder ... cannot be used for an upload: it has \"..\" in it",
                        "Give a folder below the directory. Other reasons are absolute paths, double slashes and control"
                                + " characters.",
                        () -> Upload.of("b.png", new byte[0]).withSubfolder("../a")),
                value(
                        "The file name ... cannot be used for an upload: ComfyUI would take its end for a directory",
                        "Rename the file: its name must not end like ` [output]`.",
                        () -> Upload.of("a.png [output]", new byte[0])),
                value(
                        "The subfolder ... cannot be used for an upload: folders are separated by single slashes, none is called"
                                + " \".\"",
                        "Write the folder like `a/b`.",
                        () -> Upload.of("b.png", new byte[0]).withSubfolder("a//b")),
                value(
                        "The length must not be negative: ...",
                        "Give the number of bytes, or none.",
                        () -> Upload.of("a.png", InputStream.nullInputStream(), -1)),
                value(
                        "The quality of a preview is 1 to 100: ...",
                        "Give a number in the range.",
                        () -> PreviewFormat.jpeg(0)),
                value(
                        "The workflow has no input ...; it has ...",
                        "Use one of the names that the message lists: `node.input`, with the node's id or title.",
                        () -> workflow.with("1.txt", "a cat")),
                value(
                        "The workflow's input 1.n is ..., and cannot be set to ...: ...",
                        "Pass a value of the type that the workflow has there.",
                        () -> workflow.with("1.n", "five")),
                value(
                        "1.n: NaN is a number that JSON cannot hold",
                        "Pass a finite number.",
                        () -> workflow.with("1.n", Double.NaN)),
                value(
                        "1.text: an array is a link to another node, not a value",
                        "Change links in the workflow's JSON.",
                        () -> workflow.with("1.text", JsonValue.EMPTY_JSON_ARRAY)),
                value(
                        "1.n: a value is a string, a number, a boolean or JSON, not ...",
                        "Convert the value to one of these.",
                        () -> workflow.with(Map.of("1.n", Thread.State.NEW))),
                value(
                        "The value for 1.n is a number of more than ... digits, or with an exponent beyond ...",
                        "Pass a number that ComfyUI can read. Values that are nested too deeply are refused likewise, also in"
                                + " `extraData`.",
                        () -> workflow.with("1.n", Json.createValue(new BigDecimal("1e99999")))),
                value(
                        "The workflow has no input at ...; a path is /id/inputs/name, and there are the inputs ...",
                        "Use one of the inputs that the message lists.",
                        () -> workflow.with("/1/inputs/txt", "a cat")),
                value(
                        "Several nodes have the input ...: use an id instead of the title, one of ...",
                        "Name the input with one of the ids that the message lists.",
                        () -> Workflow.parse(TWINS).with("Prompt.text", "a cat")),
                value(
                        "timeout must not be negative: ...",
                        "Give a duration of 0 or more, or none. The timeouts of all requests are checked likewise.",
                        () -> DownloadOptions.WHOLE.withTimeout(Duration.ofSeconds(-1))),
                value(
                        "maxBytes must not be negative: ...",
                        "Give 0 or more, or no limit.",
                        () -> DownloadOptions.WHOLE.withMaxBytes(-1)),
                ExceptionExample.of(
                        IOException.class,
                        "The media type of ... is not known: give it with the file's bytes",
                        "Use `FilePart.of(filename, mediaType, data)`.",
                        () -> FilePart.of(file(".unknown"))),
                ExceptionExample.of(
                        IOException.class,
                        "... is no PNG, JPEG, GIF or WebP picture",
                        "Convert the picture, or use `ImagePart.of(mediaType, data)` for a type that the service reads.",
                        () -> ImagePart.of(file(".png"))),
                stored(
                        "java.lang.Thread is not a record of this API",
                        message -> renamed(message, ChatMessage.class.getName(), "java.lang.Thread")),
                stored(
                        "The stream has no valid org.genaiconnector.llm.ChatMessage: ...",
                        message -> renamed(message, "parts", "other")),
                stored("A workflow is read from its JSON text", message -> objectWithoutFields(Workflow.class)));
    }

    @FunctionalInterface
    private interface Change {
        byte[] of(byte[] message) throws IOException;
    }

    /** A serialized message that something else has changed. */
    private static ExceptionExample stored(String message, Change change) {
        return ExceptionExample.of(
                InvalidObjectException.class,
                message,
                "Store the bytes that `ObjectOutputStream` wrote, unchanged. They are damaged, or come from another program.",
                () -> {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                        out.writeObject(ChatMessage.user("Hi"));
                    }
                    new ObjectInputStream(new ByteArrayInputStream(change.of(bytes.toByteArray()))).readObject();
                });
    }

    /** Another name of a class or a component. */
    private static byte[] renamed(byte[] stream, String name, String other) {
        String before = "\0" + (char) name.length() + name;
        String changed =
                new String(stream, StandardCharsets.ISO_8859_1).replace(before, "\0" + (char) other.length() + other);
        return changed.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The stream of an object as a program writes it that knows the name of its class only. */
    private static byte[] objectWithoutFields(Class<?> type) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(ObjectStreamConstants.STREAM_MAGIC);
        out.writeShort(ObjectStreamConstants.STREAM_VERSION);
        out.write(ObjectStreamConstants.TC_OBJECT);
        out.write(ObjectStreamConstants.TC_CLASSDESC);
        out.writeUTF(type.getName());
        out.writeLong(ObjectStreamClass.lookup(type).getSerialVersionUID());
        out.write(ObjectStreamConstants.SC_SERIALIZABLE);
        out.writeShort(0);
        out.write(ObjectStreamConstants.TC_ENDBLOCKDATA);
        out.write(ObjectStreamConstants.TC_NULL);
        return bytes.toByteArray();
    }

    private static ExceptionExample value(String message, String remedy, ThrowingCallable provoke) {
        return ExceptionExample.of(IllegalArgumentException.class, message, remedy, provoke);
    }

    private static Path file(String extension) throws IOException {
        Path file = Files.createTempFile("part", extension);
        file.toFile().deleteOnExit();
        return Files.writeString(file, "text");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isRefused(ExceptionExample example) {
        example.check();
    }

    @Test
    void isDocumented() throws Exception {
        ExceptionExample.assertDocumented("values of requests", examples());
    }
}
