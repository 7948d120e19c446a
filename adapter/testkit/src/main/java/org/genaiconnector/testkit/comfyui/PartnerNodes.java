package org.genaiconnector.testkit.comfyui;

import java.util.List;

/**
 * A node that calls a paid service by way of comfy.org. Like the real ones it is accepted without a key, and fails when its turn
 * comes. The keys that comfy.org gives out begin with {@code comfyui-}; others are refused in the same words.
 */
final class PartnerNodes {
    private static final String KEYS = "comfyui-";
    private static final int SIDE = 64;
    private static final int BLUE = 0x2a52be;

    private PartnerNodes() {}

    static List<NodeClass> all() {
        return List.of(NodeClass.named("FluxProUltraImageNode")
                .shownAs("Flux 1.1 [pro] Ultra Image", "api node/image/BFL")
                .from("comfy_api_nodes.nodes_bfl")
                .takes(
                        InputSpec.text("prompt", ""),
                        InputSpec.of("prompt_upsampling", "BOOLEAN"),
                        InputSpec.integer("seed", 0, 0, Long.MAX_VALUE),
                        InputSpec.text("aspect_ratio", "16:9"))
                .callsPartner()
                .gives("IMAGE")
                .does(call -> {
                    if (!call.context().comfyOrgKey().startsWith(KEYS)) {
                        throw new PythonError("Exception", "Unauthorized: Please login first to use this node.");
                    }
                    return NodeResult.of(Value.Images.of(Pictures.filled(SIDE, SIDE, BLUE)));
                }));
    }
}
