package org.genaiconnector.storyboard.tests;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;

/** Workflows in API format. */
public final class Workflows {

    private Workflows() {}

    /** A picture of one colour, inverted. */
    public static JsonObject invert(int color) {
        return Json.createObjectBuilder()
                .add(
                        "1",
                        node(
                                "EmptyImage",
                                inputs().add("width", 64)
                                        .add("height", 32)
                                        .add("batch_size", 1)
                                        .add("color", color)))
                .add("2", node("ImageInvert", inputs().add("image", link("1"))))
                .add(
                        "3",
                        node(
                                "SaveImage",
                                inputs().add("filename_prefix", "inverted").add("images", link("2"))))
                .build();
    }

    /** An uploaded picture, saved again. */
    static JsonObject copy(String image) {
        return Json.createObjectBuilder()
                .add("1", node("LoadImage", inputs().add("image", image)))
                .add(
                        "2",
                        node(
                                "SaveImage",
                                inputs().add("filename_prefix", "copy").add("images", link("1"))))
                .build();
    }

    static JsonObjectBuilder node(String type, JsonObjectBuilder inputs) {
        return Json.createObjectBuilder().add("class_type", type).add("inputs", inputs);
    }

    static JsonObjectBuilder inputs() {
        return Json.createObjectBuilder();
    }

    static JsonArray link(String node) {
        return Json.createArrayBuilder().add(node).add(0).build();
    }
}
