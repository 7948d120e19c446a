package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.util.List;

/** What flows along a link of a graph, or stands as a literal in an input. */
sealed interface Value {

    /** What the server shows of it in {@code execution_error.current_inputs}: scalars as they are, the rest as text. */
    JsonNode shown();

    /** A number, text, truth value, list or null. */
    record Scalar(JsonNode json) implements Value {
        @Override
        public JsonNode shown() {
            return json.isContainerNode() ? Python.toStr(json) : json;
        }
    }

    /** A batch of pictures of equal size. */
    record Images(List<BufferedImage> batch) implements Value {
        public Images {
            batch = List.copyOf(batch);
        }

        static Images of(BufferedImage image) {
            return new Images(List.of(image));
        }

        BufferedImage first() {
            return batch.get(0);
        }

        @Override
        public JsonNode shown() {
            return Json.array().textNode(TensorText.of(batch));
        }
    }

    /** A single-channel picture: white is where the mask covers. */
    record Mask(BufferedImage gray) implements Value {
        @Override
        public JsonNode shown() {
            return Json.array().textNode("tensor of " + gray.getHeight() + " x " + gray.getWidth());
        }
    }

    /** A canvas in the space of a model: its size in pixels, and what was painted on it if a sampler ran. */
    record Latent(int width, int height, int batch, Scene scene) implements Value {
        static Latent empty(int width, int height, int batch) {
            return new Latent(width, height, batch, null);
        }

        @Override
        public JsonNode shown() {
            return Json.array()
                    .textNode("{'samples': tensor of " + batch + " x 4 x " + height / 8 + " x " + width / 8 + "}");
        }
    }

    /** The words of a prompt. */
    record Conditioning(String text) implements Value {
        @Override
        public JsonNode shown() {
            return Json.array().textNode("[[tensor([[[...]]]), {'pooled_output': tensor([[...]])}]]");
        }
    }

    /** A model, text encoder or picture decoder out of a checkpoint file. */
    record Part(String pythonClass, String checkpoint) implements Value {
        @Override
        public JsonNode shown() {
            return Json.array().textNode("<" + pythonClass + " object at 0x7f0000000000>");
        }
    }

    /** What a node gives of which only the outside is known; it serves wherever something is wanted. */
    record Anything() implements Value {
        static final Anything OF_ANY_TYPE = new Anything();
        private static final int SIDE = 64;
        private static final int GRAY = 0x808080;

        @Override
        public JsonNode shown() {
            return Json.array().textNode("<object at 0x7f0000000000>");
        }

        /** As what a node wants. */
        <V extends Value> V as(Class<V> kind) {
            BufferedImage gray = Pictures.filled(SIDE, SIDE, GRAY);
            List<Value> values = List.of(
                    new Scalar(Json.array().numberNode(0)),
                    Images.of(gray),
                    new Mask(gray),
                    Latent.empty(SIDE, SIDE, 1),
                    new Conditioning(""),
                    new Part("Model", ""));
            return values.stream()
                    .filter(kind::isInstance)
                    .map(kind::cast)
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Replaces a result that is withheld. Nodes that get it do not run; {@code message} is reported once, or null. */
    record Blocked(String message) implements Value {
        @Override
        public JsonNode shown() {
            return Json.array().nullNode();
        }
    }
}
