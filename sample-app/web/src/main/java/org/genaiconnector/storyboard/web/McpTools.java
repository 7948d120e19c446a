package org.genaiconnector.storyboard.web;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.resource.ResourceException;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.Output;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.OutputText;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowParameter;
import org.genaiconnector.storyboard.Failure;
import org.genaiconnector.storyboard.Illustrator;
import org.genaiconnector.storyboard.ImageServer;
import org.genaiconnector.storyboard.JobBoard;
import org.genaiconnector.storyboard.TrackedJob;
import org.genaiconnector.storyboard.WorkflowTemplates;

/** The tools of assistants: one for each workflow that the administrator has bound, and one that looks after a job. */
@ApplicationScoped
public class McpTools {

    private static final String JOB = "job";
    private static final long WAIT_SECONDS = 30;
    /** As many threads of the application server may wait for jobs; further callers get the id of the job at once. */
    private static final int WAITING = 8;

    private static final int MAX_PICTURES = 4;
    private static final int MAX_BYTES = 8_000_000;
    private static final Set<String> PICTURES = Set.of("image/png", "image/jpeg", "image/webp", "image/gif");

    @Inject
    private WorkflowTemplates templates;

    @Inject
    private Illustrator illustrator;

    @Inject
    private JobBoard board;

    @Inject
    private ImageServer server;

    private final Semaphore waiting = new Semaphore(WAITING);

    /**
     * All tools, with JSON schemas of their arguments.
     *
     * @throws GenAiException category {@code UNAVAILABLE} if a workflow cannot be read
     */
    JsonArray list() throws GenAiException {
        JsonArrayBuilder tools = Json.createArrayBuilder();
        for (String name : templates.names()) {
            tools.add(tool(
                    name,
                    "Makes pictures by the workflow \"" + name
                            + "\" of this ComfyUI. Returns them, or the id of the job" + " for the tool \"" + JOB
                            + "\" if they take longer than " + WAIT_SECONDS + " s.",
                    schema(templates.parameters(name))));
        }
        JsonObject id = Json.createObjectBuilder()
                .add("type", "object")
                .add("properties", Json.createObjectBuilder().add("id", type("string")))
                .add("required", Json.createArrayBuilder().add("id"))
                .build();
        return tools.add(tool(JOB, "Tells what has become of a job, and returns its pictures.", id))
                .build();
    }

    /**
     * Calls a tool. What goes wrong in it is told in the result, where the assistant sees it.
     *
     * @throws RequestException if there is no such tool
     */
    JsonObject call(String name, JsonObject arguments) throws IOException, ResourceException {
        if (!name.equals(JOB) && !templates.names().contains(name)) {
            throw RequestException.badRequest("There is no tool " + name);
        }
        try {
            return result(name.equals(JOB) ? find(arguments) : paint(name, arguments));
        } catch (IllegalArgumentException e) {
            return failed(e.getMessage());
        } catch (ResourceException | RuntimeException e) {
            Optional<Failure> failure = Failure.of(e);
            if (failure.isEmpty()) {
                throw e;
            }
            String nodes = failure.get().nodeErrors().isEmpty()
                    ? ""
                    : " " + failure.get().nodeErrors();
            return failed(failure.get().category() + ": " + failure.get().message() + nodes);
        }
    }

    private TrackedJob find(JsonObject arguments) throws ResourceException {
        if (!(arguments.get("id") instanceof JsonString id)) {
            throw new IllegalArgumentException("The argument \"id\" must be a string");
        }
        return board.find(id.getString())
                .orElseThrow(() -> new IllegalArgumentException("There is no job " + id.getString()));
    }

    private TrackedJob paint(String name, JsonObject arguments) throws ResourceException {
        Workflow workflow = templates.fill(name, arguments);
        board.requireRoom();
        if (board.isDurable()) {
            illustrator.check(workflow); // the job would end as rejected, which the assistant would hear of later
        }
        TrackedJob job = board.watch(illustrator.send(workflow));
        await(job);
        return job;
    }

    /** Waits for the end of a job, but not long. */
    private void await(TrackedJob job) {
        if (!waiting.tryAcquire()) {
            return;
        }
        CountDownLatch end = new CountDownLatch(1);
        Runnable subscription = job.listen(snapshot -> {
            if (snapshot.status().state().isFinal()) {
                end.countDown();
            }
        });
        try {
            if (!end.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
                return; // the assistant asks again
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the application server stops
        } finally {
            subscription.run();
            waiting.release();
        }
    }

    private JsonObject result(TrackedJob job) throws IOException, ResourceException {
        JobStatus status = job.snapshot().status();
        Optional<String> error = JobJson.error(status).map(ErrorJson::message);
        if (error.isPresent()) {
            return failed("The job " + job.id() + " ended as " + status.state() + ": " + error.get());
        }
        JsonArrayBuilder content = Json.createArrayBuilder().add(text("The job " + job.id() + " is " + status.state()));
        if (status.state() == JobState.COMPLETED) {
            int pictures = 0;
            for (int i = 0; i < status.outputs().size(); i++) {
                Output output = status.outputs().get(i);
                String address = "/api/jobs/" + job.id() + "/outputs/" + i;
                if (output instanceof OutputFile file && isShown(file) && pictures < MAX_PICTURES) {
                    content.add(picture(file, address));
                    pictures++;
                } else {
                    content.add(text(output instanceof OutputText text ? text.text() : "Output at " + address));
                }
            }
        }
        return Json.createObjectBuilder().add("content", content).build();
    }

    private static boolean isShown(OutputFile file) {
        return PICTURES.contains(file.mediaType());
    }

    private JsonObject picture(OutputFile file, String address) throws IOException, ResourceException {
        try (Download download = server.open(file)) {
            byte[] bytes = download.content().readNBytes(MAX_BYTES + 1);
            return bytes.length > MAX_BYTES
                    ? text("A large picture at " + address)
                    : Json.createObjectBuilder()
                            .add("type", "image")
                            .add("data", Base64.getEncoder().encodeToString(bytes))
                            .add("mimeType", file.mediaType())
                            .build();
        }
    }

    private static JsonObject failed(String why) {
        return Json.createObjectBuilder()
                .add("content", Json.createArrayBuilder().add(text(why)))
                .add("isError", true)
                .build();
    }

    private static JsonObject text(String text) {
        return Json.createObjectBuilder().add("type", "text").add("text", text).build();
    }

    private static JsonObject tool(String name, String description, JsonObject schema) {
        return Json.createObjectBuilder()
                .add("name", name)
                .add("description", description)
                .add("inputSchema", schema)
                .build();
    }

    private static JsonObject schema(List<WorkflowParameter> parameters) {
        JsonObjectBuilder properties = Json.createObjectBuilder();
        JsonArrayBuilder required = Json.createArrayBuilder();
        for (WorkflowParameter parameter : parameters) {
            JsonObjectBuilder property =
                    switch (parameter.type()) {
                        case TEXT -> type("string");
                        case NUMBER -> type("number");
                        case SWITCH -> type("boolean");
                        case OBJECT -> type("object");
                        case ANY -> Json.createObjectBuilder();
                    };
            if (parameter.defaultValue() != JsonValue.NULL) {
                property.add("default", parameter.defaultValue());
            }
            properties.add(parameter.name(), property);
            if (parameter.required()) {
                required.add(parameter.name());
            }
        }
        return Json.createObjectBuilder()
                .add("type", "object")
                .add("properties", properties)
                .add("required", required)
                .add("additionalProperties", false)
                .build();
    }

    private static JsonObjectBuilder type(String name) {
        return Json.createObjectBuilder().add("type", name);
    }
}
