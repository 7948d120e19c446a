package org.genaiconnector.testkit.comfyui;

/** Graphs that tests submit. */
final class Graphs {
    /** One text, nothing saved. */
    static final String TEXT = """
            {"1": {"class_type": "PrimitiveString", "inputs": {"value": "hello"}},
             "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}}}""";

    private Graphs() {}

    /** One plain picture, saved as {@code it/plain_…}. */
    static String plain(int color) {
        return """
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 6, "batch_size": 1, "color": %d}},
                 "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "it/plain"}}}""".formatted(color);
    }

    /** A job that stays at work until it is interrupted; needs the lab nodes. */
    static String endless() {
        return steps(10_000, 3600);
    }

    /** {@code steps} steps in {@code seconds} seconds; needs the lab nodes. */
    static String steps(int steps, double seconds) {
        return """
                {"1": {"class_type": "LabSteps", "inputs": {"steps": %d, "seconds": %s, "color": 1}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(steps, seconds);
    }

    /** The usual text-to-image graph, saved as {@code painted/x_…}. */
    static String painted(String text, long seed) {
        return """
                {"1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "dreamcoast_v2.safetensors"}},
                 "2": {"class_type": "CLIPTextEncode", "inputs": {"text": "%s", "clip": ["1", 1]}},
                 "3": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry", "clip": ["1", 1]}},
                 "4": {"class_type": "EmptyLatentImage", "inputs": {"width": 128, "height": 64, "batch_size": 1}},
                 "5": {"class_type": "KSampler", "inputs": {"model": ["1", 0], "seed": %d, "steps": 3, "cfg": 7,
                       "sampler_name": "euler", "scheduler": "normal", "positive": ["2", 0], "negative": ["3", 0],
                       "latent_image": ["4", 0], "denoise": 1.0}},
                 "6": {"class_type": "VAEDecode", "inputs": {"samples": ["5", 0], "vae": ["1", 2]}},
                 "7": {"class_type": "SaveImage", "inputs": {"images": ["6", 0], "filename_prefix": "painted/x"}}}""".formatted(text, seed);
    }
}
