package org.genaiconnector.testkit.comfyui;

import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The core nodes that load, make and change pictures. */
final class ImageNodes {
    private static final int MAX_SIDE = 16384;
    private static final int NO_MASK_SIDE = 64;

    private ImageNodes() {}

    static List<NodeClass> all(Folders folders) {
        return List.of(emptyImage(), loadImage(folders), invert(), scale(), scaleBy(), batch(), repeat(), size());
    }

    private static NodeClass emptyImage() {
        return NodeClass.named("EmptyImage")
                .shownAs("Empty Image", "image")
                .takes(
                        InputSpec.integer("width", 512, 1, MAX_SIDE).with("step", 1),
                        InputSpec.integer("height", 512, 1, MAX_SIDE).with("step", 1),
                        InputSpec.integer("batch_size", 1, 1, 4096),
                        InputSpec.integer("color", 0, 0, 0xffffff)
                                .with("step", 1)
                                .with("display", "color"))
                .gives("IMAGE")
                .does(call -> {
                    BufferedImage image = Pictures.filled(
                            (int) call.integer("width"), (int) call.integer("height"), (int) call.integer("color"));
                    int count = (int) call.integer("batch_size");
                    return NodeResult.of(new Value.Images(Collections.nCopies(count, image)));
                });
    }

    private static NodeClass loadImage(Folders folders) {
        return NodeClass.named("LoadImage")
                .shownAs("Load Image", "image")
                .basic()
                .alsoKnownAs(
                        "load image",
                        "open image",
                        "import image",
                        "image input",
                        "upload image",
                        "read image",
                        "image loader")
                .takes(InputSpec.oneOf("image", folders::inputFiles).on("image_upload"))
                .gives("IMAGE", "MASK")
                .checkedBy((name, at) -> Files.isRegularFile(at.annotatedFile(name))
                        ? Optional.empty()
                        : Optional.of("Invalid image file: " + name))
                .dependsOn(node -> digest(
                        node.folders().annotatedFile(node.inputs().path("image").asText())))
                .does(call -> {
                    BufferedImage image = Pictures.open(call.context().folders().annotatedFile(call.text("image")));
                    return NodeResult.of(Value.Images.of(Pictures.opaque(image)), new Value.Mask(transparency(image)));
                });
    }

    private static String digest(Path file) throws PythonError {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(hash);
        } catch (IOException e) {
            throw new PythonError("FileNotFoundError", e.toString(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** White where {@code image} is transparent; a small black picture if it cannot be. */
    private static BufferedImage transparency(BufferedImage image) {
        if (!image.getColorModel().hasAlpha()) {
            return Pictures.blank(NO_MASK_SIDE, NO_MASK_SIDE);
        }
        BufferedImage mask = Pictures.blank(image.getWidth(), image.getHeight());
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                mask.setRGB(x, y, (255 - (image.getRGB(x, y) >>> 24)) * 0x010101);
            }
        }
        return mask;
    }

    private static NodeClass invert() {
        return NodeClass.named("ImageInvert")
                .shownAs("Invert Image", "image")
                .takes(InputSpec.of("image", "IMAGE"))
                .gives("IMAGE")
                .does(call -> NodeResult.of(each(call.images("image"), ImageNodes::inverted)));
    }

    private static BufferedImage inverted(BufferedImage image) {
        int width = image.getWidth();
        int[] pixels = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
        BufferedImage out = Pictures.blank(width, image.getHeight());
        out.setRGB(
                0,
                0,
                width,
                image.getHeight(),
                Arrays.stream(pixels).map(p -> ~p).toArray(),
                0,
                width);
        return out;
    }

    private static InputSpec upscaleMethod() {
        return InputSpec.oneOf("upscale_method", "nearest-exact", "bilinear", "area", "bicubic", "lanczos");
    }

    private static NodeClass scale() {
        return NodeClass.named("ImageScale")
                .shownAs("Upscale Image", "image/upscaling")
                .takes(
                        InputSpec.of("image", "IMAGE"),
                        upscaleMethod(),
                        InputSpec.integer("width", 512, 0, MAX_SIDE).with("step", 1),
                        InputSpec.integer("height", 512, 0, MAX_SIDE).with("step", 1),
                        InputSpec.oneOf("crop", "disabled", "center"))
                .gives("IMAGE")
                .does(call -> {
                    BufferedImage first = call.images("image").first();
                    long width = call.integer("width");
                    long height = call.integer("height");
                    if (width == 0 && height == 0) {
                        return NodeResult.of(call.images("image"));
                    }
                    int newWidth = width > 0 ? (int) width : side(first.getWidth(), height, first.getHeight());
                    int newHeight = height > 0 ? (int) height : side(first.getHeight(), width, first.getWidth());
                    Object interpolation = interpolation(call.text("upscale_method"));
                    boolean crop = call.text("crop").equals("center");
                    return NodeResult.of(each(
                            call.images("image"),
                            image -> Pictures.scaled(
                                    crop ? centre(image, newWidth, newHeight) : image,
                                    newWidth,
                                    newHeight,
                                    interpolation)));
                });
    }

    /** The closest that Java has to one of ComfyUI's filters. */
    private static Object interpolation(String upscaleMethod) {
        return switch (upscaleMethod) {
            case "nearest-exact" -> RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR;
            case "bicubic", "lanczos" -> RenderingHints.VALUE_INTERPOLATION_BICUBIC;
            default -> RenderingHints.VALUE_INTERPOLATION_BILINEAR; // bilinear, area
        };
    }

    private static int side(int own, long otherNew, int otherOld) {
        return (int) Math.max(1, Math.round((double) own * otherNew / otherOld));
    }

    /** The largest part around the middle of {@code image} that has the proportions of the new size. */
    private static BufferedImage centre(BufferedImage image, int newWidth, int newHeight) {
        double old = (double) image.getWidth() / image.getHeight();
        double wanted = (double) newWidth / newHeight;
        int width = old > wanted ? (int) Math.round(image.getHeight() * wanted) : image.getWidth();
        int height = old < wanted ? (int) Math.round(image.getWidth() / wanted) : image.getHeight();
        return image.getSubimage(
                (image.getWidth() - width) / 2,
                (image.getHeight() - height) / 2,
                Math.max(1, width),
                Math.max(1, height));
    }

    private static NodeClass scaleBy() {
        return NodeClass.named("ImageScaleBy")
                .shownAs("Upscale Image By", "image/upscaling")
                .takes(
                        InputSpec.of("image", "IMAGE"),
                        upscaleMethod(),
                        InputSpec.decimal("scale_by", 1.0, 0.01, 8.0, 0.01))
                .gives("IMAGE")
                .does(call -> {
                    double factor = call.number("scale_by");
                    BufferedImage first = call.images("image").first();
                    Python.toInt(Json.array().numberNode(factor * first.getWidth()));
                    int width = (int) Math.max(1, Math.round(first.getWidth() * factor));
                    int height = (int) Math.max(1, Math.round(first.getHeight() * factor));
                    Object interpolation = interpolation(call.text("upscale_method"));
                    return NodeResult.of(
                            each(call.images("image"), image -> Pictures.scaled(image, width, height, interpolation)));
                });
    }

    private static NodeClass batch() {
        return NodeClass.named("ImageBatch")
                .shownAs("Batch Images", "image")
                .takes(InputSpec.of("image1", "IMAGE"), InputSpec.of("image2", "IMAGE"))
                .gives("IMAGE")
                .does(call -> {
                    BufferedImage first = call.images("image1").first();
                    List<BufferedImage> all =
                            new ArrayList<>(call.images("image1").batch());
                    int width = first.getWidth();
                    int height = first.getHeight();
                    all.addAll(each(
                                    call.images("image2"),
                                    image -> image.getWidth() == width && image.getHeight() == height
                                            ? image
                                            : Pictures.scaled(
                                                    centre(image, width, height),
                                                    width,
                                                    height,
                                                    RenderingHints.VALUE_INTERPOLATION_BILINEAR))
                            .batch());
                    return NodeResult.of(new Value.Images(all));
                });
    }

    private static NodeClass repeat() {
        return NodeClass.named("RepeatImageBatch")
                .shownAs("Repeat Image Batch", "image/batch")
                .takes(InputSpec.of("image", "IMAGE"), InputSpec.integer("amount", 1, 1, 4096))
                .gives("IMAGE")
                .does(call -> {
                    List<BufferedImage> all = new ArrayList<>();
                    for (long i = 0; i < call.integer("amount"); i++) {
                        all.addAll(call.images("image").batch());
                    }
                    return NodeResult.of(new Value.Images(all));
                });
    }

    private static NodeClass size() {
        return NodeClass.named("GetImageSize")
                .shownAs("Get Image Size", "image")
                .describedAs("Returns width and height of the image, and passes it through unchanged.")
                .from("comfy_extras.nodes_images")
                .takes(InputSpec.of("image", "IMAGE"))
                .givesNamed("INT", "width")
                .givesNamed("INT", "height")
                .givesNamed("INT", "batch_size")
                .does(call -> {
                    BufferedImage image = call.images("image").first();
                    int count = call.images("image").batch().size();
                    call.context()
                            .text("width: %d, height: %d\n batch size: %d"
                                    .formatted(image.getWidth(), image.getHeight(), count));
                    return NodeResult.of(number(image.getWidth()), number(image.getHeight()), number(count));
                });
    }

    static Value number(long value) {
        return new Value.Scalar(Json.array().numberNode(value));
    }

    /** A batch is often one picture several times; that is changed once. */
    private static Value.Images each(Value.Images images, Change change) throws InterruptedException {
        Map<BufferedImage, BufferedImage> changed = new IdentityHashMap<>();
        for (BufferedImage image : images.batch()) {
            if (!changed.containsKey(image)) {
                changed.put(image, change.apply(image));
            }
        }
        return new Value.Images(images.batch().stream().map(changed::get).toList());
    }

    /** What a node does to every picture of a batch. */
    @FunctionalInterface
    private interface Change {
        BufferedImage apply(BufferedImage image) throws InterruptedException;
    }
}
