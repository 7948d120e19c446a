package org.genaiconnector.testkit.comfyui;

import java.util.List;

/** The core nodes that hold or join plain values. */
final class TextNodes {
    private static final String PRIMITIVES = "comfy_extras.nodes_primitive";

    private TextNodes() {}

    static List<NodeClass> all() {
        return List.of(
                primitive("PrimitiveString", "String", InputSpec.of("value", "STRING")),
                primitive(
                        "PrimitiveStringMultiline",
                        "String (Multiline)",
                        InputSpec.of("value", "STRING").on("multiline")),
                primitive(
                        "PrimitiveInt",
                        "Int",
                        InputSpec.of("value", "INT")
                                .with("min", Long.MIN_VALUE)
                                .with("max", Long.MAX_VALUE)
                                .on("control_after_generate")),
                primitive("PrimitiveFloat", "Float", InputSpec.of("value", "FLOAT")),
                primitive("PrimitiveBoolean", "Boolean", InputSpec.of("value", "BOOLEAN")),
                concatenate());
    }

    private static NodeClass primitive(String name, String shown, InputSpec value) {
        return NodeClass.named(name)
                .shownAs(shown, "utils/primitive")
                .from(PRIMITIVES)
                .takes(value)
                .gives(value.type())
                .does(call -> NodeResult.of(call.inputs().get("value")));
    }

    private static NodeClass concatenate() {
        return NodeClass.named("StringConcatenate")
                .shownAs("Concatenate", "utils/string")
                .from("comfy_extras.nodes_string")
                .takes(
                        InputSpec.of("string_a", "STRING").on("multiline"),
                        InputSpec.of("string_b", "STRING").on("multiline"),
                        InputSpec.text("delimiter", ""))
                .gives("STRING")
                .does(call -> NodeResult.of(new Value.Scalar(Json.array()
                        .textNode(call.text("string_a") + call.text("delimiter") + call.text("string_b")))));
    }
}
