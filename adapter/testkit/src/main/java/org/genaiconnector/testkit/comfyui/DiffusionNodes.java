package org.genaiconnector.testkit.comfyui;

import java.awt.image.BufferedImage;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** The core nodes of a text-to-image graph. The model behind them is the {@link Painter}. */
final class DiffusionNodes {
    static final List<String> CHECKPOINTS = List.of("dreamcoast_v2.safetensors", "paperlantern_xl.safetensors");

    private static final int PREVIEW_SIDE = 256;
    private static final float PREVIEW_QUALITY = 0.8f;
    private static final int SMALLEST_SIDE = 16;
    private static final int LARGEST_SIDE = 16384;
    private static final long LARGEST_BATCH = 4096;

    private DiffusionNodes() {}

    static List<NodeClass> all() {
        return List.of(checkpointLoader(), textEncode(), emptyLatent(), encode(), sampler(), decode());
    }

    private static NodeClass checkpointLoader() {
        return NodeClass.named("CheckpointLoaderSimple")
                .shownAs("Load Checkpoint", "loaders")
                .describedAs("Loads a diffusion model checkpoint, diffusion models are used to denoise latents.")
                .alsoKnownAs("load model", "checkpoint", "model loader", "load checkpoint", "ckpt", "model")
                .takes(InputSpec.oneOf("ckpt_name", () -> CHECKPOINTS)
                        .with("tooltip", "The name of the checkpoint (model) to load."))
                .gives("MODEL", "CLIP", "VAE")
                .does(call -> {
                    String file = call.text("ckpt_name");
                    return NodeResult.of(
                            new Value.Part("comfy.model_patcher.ModelPatcher", file),
                            new Value.Part("comfy.sd.CLIP", file),
                            new Value.Part("comfy.sd.VAE", file));
                });
    }

    private static NodeClass textEncode() {
        return NodeClass.named("CLIPTextEncode")
                .shownAs("CLIP Text Encode (Prompt)", "conditioning")
                .describedAs("Encodes a text prompt using a CLIP model into an embedding that can be used to guide the"
                        + " diffusion model towards generating specific images.")
                .alsoKnownAs("text", "prompt", "text prompt", "positive prompt", "negative prompt", "encode text")
                .takes(
                        InputSpec.of("text", "STRING")
                                .on("multiline")
                                .on("dynamicPrompts")
                                .with("tooltip", "The text to be encoded."),
                        InputSpec.of("clip", "CLIP").with("tooltip", "The CLIP model used for encoding the text."))
                .gives("CONDITIONING")
                .does(call -> NodeResult.of(new Value.Conditioning(call.text("text"))));
    }

    private static NodeClass emptyLatent() {
        return NodeClass.named("EmptyLatentImage")
                .shownAs("Empty Latent Image", "latent")
                .describedAs("Create a new batch of empty latent images to be denoised via sampling.")
                .alsoKnownAs("empty", "empty latent", "new latent", "create latent", "blank latent", "blank")
                .takes(
                        InputSpec.integer("width", 512, SMALLEST_SIDE, LARGEST_SIDE)
                                .with("step", 8)
                                .with("tooltip", "The width of the latent images in pixels."),
                        InputSpec.integer("height", 512, SMALLEST_SIDE, LARGEST_SIDE)
                                .with("step", 8)
                                .with("tooltip", "The height of the latent images in pixels."),
                        InputSpec.integer("batch_size", 1, 1, LARGEST_BATCH)
                                .with("tooltip", "The number of latent images in the batch."))
                .gives("LATENT")
                .does(call -> NodeResult.of(Value.Latent.empty(
                        (int) call.integer("width") / 8 * 8, (int) call.integer("height") / 8 * 8, (int)
                                call.integer("batch_size"))));
    }

    /** Only the size of the picture goes into the latent: the {@link Painter} paints by the text alone. */
    private static NodeClass encode() {
        return NodeClass.named("VAEEncode")
                .shownAs("VAE Encode", "latent")
                .alsoKnownAs("encode", "encode image", "image to latent")
                .takes(InputSpec.of("pixels", "IMAGE"), InputSpec.of("vae", "VAE"))
                .gives("LATENT")
                .does(call -> {
                    Value.Images pixels = call.images("pixels");
                    BufferedImage first = pixels.first();
                    return NodeResult.of(Value.Latent.empty(
                            first.getWidth() / 8 * 8,
                            first.getHeight() / 8 * 8,
                            pixels.batch().size()));
                });
    }

    private static NodeClass sampler() {
        return NodeClass.named("KSampler")
                .shownAs("KSampler", "sampling")
                .describedAs("Uses the provided model, positive and negative conditioning to denoise the latent image.")
                .alsoKnownAs("sampler", "sample", "generate", "denoise", "diffuse", "txt2img", "img2img")
                .takes(
                        InputSpec.of("model", "MODEL"),
                        seed(),
                        InputSpec.integer("steps", 20, 1, 10000),
                        InputSpec.decimal("cfg", 8.0, 0.0, 100.0, 0.1),
                        InputSpec.oneOf(
                                "sampler_name",
                                "euler",
                                "euler_ancestral",
                                "heun",
                                "dpm_2",
                                "lms",
                                "dpmpp_2m",
                                "dpmpp_sde",
                                "ddim",
                                "uni_pc"),
                        InputSpec.oneOf(
                                "scheduler",
                                "simple",
                                "sgm_uniform",
                                "karras",
                                "exponential",
                                "ddim_uniform",
                                "normal"),
                        InputSpec.of("positive", "CONDITIONING"),
                        InputSpec.of("negative", "CONDITIONING"),
                        InputSpec.of("latent_image", "LATENT"),
                        InputSpec.decimal("denoise", 1.0, 0.0, 1.0, 0.01))
                .gives("LATENT")
                .does(DiffusionNodes::sample);
    }

    private static InputSpec seed() {
        InputSpec seed =
                InputSpec.of("seed", "INT").with("default", 0).with("min", 0).on("control_after_generate");
        seed.options().put("max", new BigInteger("ffffffffffffffff", 16));
        return seed;
    }

    private static NodeResult sample(NodeCall call) throws Cancelled, InterruptedException {
        Value.Latent canvas = call.value("latent_image", Value.Latent.class);
        Scene scene = new Scene(
                call.value("positive", Value.Conditioning.class).text(),
                call.value("negative", Value.Conditioning.class).text(),
                call.scalar("seed").bigIntegerValue().longValue());
        int steps = (int) call.integer("steps");
        BufferedImage sketch = call.context().previewsWanted()
                ? Pictures.thumbnail(Painter.paint(scene, canvas.width(), canvas.height()), PREVIEW_SIDE)
                : null;
        for (int step = 1; step <= steps; step++) {
            call.context().pause(call.context().stepDelay());
            call.context().progress(step, steps, preview(sketch, scene, 1 - (double) step / steps));
        }
        return NodeResult.of(new Value.Latent(canvas.width(), canvas.height(), canvas.batch(), scene));
    }

    private static NodeContext.Preview preview(BufferedImage sketch, Scene scene, double noise) {
        if (sketch == null) {
            return null;
        }
        BufferedImage noisy = Painter.noisy(sketch, scene.seed(), noise);
        return new NodeContext.Preview(NodeContext.Format.JPEG, Pictures.jpeg(noisy, PREVIEW_QUALITY));
    }

    private static NodeClass decode() {
        return NodeClass.named("VAEDecode")
                .shownAs("VAE Decode", "latent")
                .describedAs("Decodes latent images back into pixel space images.")
                .alsoKnownAs("decode", "decode latent", "latent to image", "render latent")
                .takes(
                        InputSpec.of("samples", "LATENT").with("tooltip", "The latent to be decoded."),
                        InputSpec.of("vae", "VAE").with("tooltip", "The VAE model used for decoding the latent."))
                .gives("IMAGE")
                .does(call -> {
                    Value.Latent latent = call.value("samples", Value.Latent.class);
                    List<BufferedImage> batch = new ArrayList<>();
                    for (int i = 0; i < latent.batch(); i++) {
                        batch.add(picture(latent, i));
                    }
                    return NodeResult.of(new Value.Images(batch));
                });
    }

    private static BufferedImage picture(Value.Latent latent, int index) {
        Scene scene = latent.scene();
        if (scene == null) {
            return Pictures.blank(latent.width(), latent.height());
        }
        Scene variant = new Scene(scene.text(), scene.unwanted(), scene.seed() + index);
        return Painter.paint(variant, latent.width(), latent.height());
    }
}
