package org.genaiconnector.storyboard.web;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.genaiconnector.storyboard.SceneView;
import org.genaiconnector.storyboard.Story;
import org.genaiconnector.storyboard.StoryView;

/** The JSON form of stories. */
final class StoryJson {

    private StoryJson() {}

    static JsonObject of(StoryView story) {
        List<JsonObject> scenes = story.scenes().stream().map(StoryJson::of).toList();
        JsonArrayBuilder array = Json.createArrayBuilder();
        scenes.forEach(array::add);
        return Json.createObjectBuilder()
                .add("id", story.id())
                .add("idea", story.request().idea())
                .add("length", story.request().scenes())
                .add("template", story.request().template())
                .add("parameters", Json.createObjectBuilder(story.request().parameters()))
                .add("begun", story.begun().toString())
                .add("state", story.state().name())
                .add("scenes", array)
                .add("error", error(story, scenes))
                .build();
    }

    /** Why the story failed: itself, or one of its scenes; first of all one whose nodes are wrong. */
    private static JsonValue error(StoryView story, List<JsonObject> scenes) {
        if (story.state() != Story.State.FAILED) {
            return JsonValue.NULL;
        }
        return story.failure()
                .map(ErrorJson::of)
                .or(() -> scenes.stream()
                        .map(scene -> scene.get("error"))
                        .filter(JsonObject.class::isInstance)
                        .map(JsonValue::asJsonObject)
                        .min(Comparator.comparing(
                                error -> error.getJsonObject("details").isEmpty())))
                .map(JsonValue.class::cast)
                .orElse(JsonValue.NULL);
    }

    private static JsonObject of(SceneView scene) {
        Optional<JsonValue> jobId = scene.job().map(job -> Json.createValue(job.id()));
        Optional<JsonValue> imageUrl = scene.picture()
                .flatMap(index -> scene.job().map(job -> Json.createValue(JobJson.outputUrl(job.id(), index))));
        return Json.createObjectBuilder()
                .add("text", scene.text())
                .add("jobId", jobId.orElse(JsonValue.NULL))
                .add("state", scene.state().name())
                .add("imageUrl", imageUrl.orElse(JsonValue.NULL))
                .add("error", error(scene))
                .build();
    }

    private static JsonValue error(SceneView scene) {
        return scene.failure()
                .<JsonValue>map(ErrorJson::of)
                .or(() -> scene.job().map(JobJson::error))
                .orElse(JsonValue.NULL);
    }
}
