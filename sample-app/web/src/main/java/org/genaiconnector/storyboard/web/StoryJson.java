package org.genaiconnector.storyboard.web;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.Output;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.storyboard.Scene;
import org.genaiconnector.storyboard.Story;
import org.genaiconnector.storyboard.TrackedJob;

/** The JSON form of stories. */
final class StoryJson {

    private StoryJson() {}

    static JsonObject of(Story story) {
        JsonArrayBuilder scenes = Json.createArrayBuilder();
        story.scenes().forEach(scene -> scenes.add(of(scene)));
        return Json.createObjectBuilder()
                .add("id", story.id())
                .add("idea", story.idea())
                .add("length", story.length())
                .add("state", story.state().name())
                .add("scenes", scenes)
                .add("error", story.failure().<JsonValue>map(ErrorJson::of).orElse(JsonValue.NULL))
                .build();
    }

    private static JsonObject of(Scene scene) {
        return Json.createObjectBuilder()
                .add("text", scene.text())
                .add(
                        "jobId",
                        scene.job()
                                .<JsonValue>map(job -> Json.createValue(job.id()))
                                .orElse(JsonValue.NULL))
                .add("state", scene.state().name())
                .add(
                        "imageUrl",
                        scene.job()
                                .flatMap(StoryJson::imageUrl)
                                .<JsonValue>map(Json::createValue)
                                .orElse(JsonValue.NULL))
                .add("error", scene.failure().<JsonValue>map(ErrorJson::of).orElse(JsonValue.NULL))
                .build();
    }

    private static Optional<String> imageUrl(TrackedJob job) {
        if (job.state() != JobState.COMPLETED) {
            return Optional.empty();
        }
        List<Output> outputs = job.snapshot().status().outputs();
        for (int i = 0; i < outputs.size(); i++) {
            if (outputs.get(i) instanceof OutputFile file && file.mediaType().startsWith("image/")) {
                return Optional.of(JobJson.outputUrl(job.id(), i));
            }
        }
        return Optional.empty();
    }
}
