package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Stand-ins for third-party nodes that are slow, noisy, blocked or too big. The recordings were made with similar nodes. */
final class LabNodes {
    private static final String MODULE = "custom_nodes.lab_nodes";
    private static final int PREVIEW_SIDE = 512;
    private static final int IMAGE_SIDE = 64;

    private LabNodes() {}

    static List<NodeClass> all() {
        return List.of(steps(), noise(), block(), outOfMemory(), infinity());
    }

    private static NodeClass lab(String name, InputSpec... inputs) {
        return NodeClass.named(name).shownAs(name, "lab").from(MODULE).takes(inputs);
    }

    /** Takes {@code seconds} in {@code steps} steps, with a preview of every step. */
    private static NodeClass steps() {
        return lab(
                        "LabSteps",
                        InputSpec.integer("steps", 10, 1, 10000),
                        InputSpec.decimal("seconds", 1.0, 0.0, 3600.0, 0.01),
                        InputSpec.integer("color", 0, 0, 0xffffff))
                .gives("IMAGE")
                .does(call -> {
                    int steps = (int) call.integer("steps");
                    Duration each = Duration.ofNanos((long) (call.number("seconds") * 1e9 / steps));
                    BufferedImage plain = Pictures.blank(PREVIEW_SIDE, PREVIEW_SIDE);
                    NodeContext.Preview preview =
                            new NodeContext.Preview(NodeContext.Format.JPEG, Pictures.jpeg(plain, 0.95f));
                    for (int step = 1; step <= steps; step++) {
                        call.context().pause(each);
                        call.context().progress(step, steps, preview);
                    }
                    return NodeResult.of(
                            Value.Images.of(Pictures.filled(IMAGE_SIDE, IMAGE_SIDE, (int) call.integer("color"))));
                });
    }

    /** A picture that does not compress. */
    private static NodeClass noise() {
        return lab(
                        "LabNoise",
                        InputSpec.integer("px", 64, 1, 16384),
                        InputSpec.integer("seed", 0, 0, Integer.MAX_VALUE))
                .gives("IMAGE")
                .does(call -> {
                    int side = (int) call.integer("px");
                    Random random = new Random(call.integer("seed"));
                    BufferedImage image = Pictures.blank(side, side);
                    image.setRGB(
                            0, 0, side, side, random.ints((long) side * side).toArray(), 0, side);
                    return NodeResult.of(Value.Images.of(image));
                });
    }

    /** Withholds its picture with a message; the job continues without the nodes after it. */
    private static NodeClass block() {
        return lab("LabBlock", InputSpec.text("message", ""))
                .gives("IMAGE")
                .does(call -> NodeResult.of(new Value.Blocked(call.text("message"))));
    }

    private static NodeClass outOfMemory() {
        return lab("LabOom", InputSpec.integer("seed", 0, 0, Integer.MAX_VALUE))
                .gives("IMAGE")
                .does(call -> {
                    throw new PythonError("torch.OutOfMemoryError", "Allocation on device");
                });
    }

    /** Only there for its description, which is not strict JSON. */
    private static NodeClass infinity() {
        InputSpec x = InputSpec.of("x", "FLOAT");
        x.options().put("default", 1.0).put("min", Double.NEGATIVE_INFINITY).put("max", Double.POSITIVE_INFINITY);
        InputSpec y = InputSpec.of("y", "FLOAT");
        y.options().put("default", Double.NaN);
        return lab("LabInfinity", x, y).gives("FLOAT").does(call -> {
            JsonNode sum = Json.array().numberNode(call.number("x") + call.number("y"));
            return NodeResult.of(new Value.Scalar(sum));
        });
    }
}
