package org.genaiconnector.testkit.comfyui;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** Pictures as PyTorch prints them: nested brackets, four digits, only the edges if there are many values. */
final class TensorText {
    private static final int PRINTED_IN_FULL = 1000;
    private static final int EDGE = 3;

    private final List<BufferedImage> batch;
    private final boolean summarized;
    private final boolean whole;

    private TensorText(List<BufferedImage> batch) {
        this.batch = batch;
        BufferedImage first = batch.get(0);
        this.summarized = batch.size() * first.getWidth() * first.getHeight() * 3 > PRINTED_IN_FULL;
        this.whole = !summarized && batch.stream().allMatch(TensorText::onlyExtremes);
    }

    static String of(List<BufferedImage> batch) {
        return new TensorText(batch).text();
    }

    private static boolean onlyExtremes(BufferedImage image) {
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        for (int pixel : pixels) {
            for (int shift = 0; shift <= 16; shift += 8) {
                int sample = pixel >> shift & 0xff;
                if (sample != 0 && sample != 255) {
                    return false;
                }
            }
        }
        return true;
    }

    private String text() {
        int height = batch.get(0).getHeight();
        int width = batch.get(0).getWidth();
        return "tensor("
                + nested(4, batch.size(), b -> nested(3, height, y -> nested(2, width, x -> pixel(b, x, y))))
                + ")";
    }

    /** The elements of one dimension; {@code depth} is the number of dimensions from here inwards. */
    private String nested(int depth, int size, IntFunction<String> element) {
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            if (summarized && size > 2 * EDGE && i == EDGE) {
                shown.add("...");
                i = size - EDGE;
            }
            shown.add(element.apply(i));
        }
        String indent = " ".repeat("tensor(".length() + 5 - depth);
        return "[" + String.join("," + "\n".repeat(depth - 1) + indent, shown) + "]";
    }

    private String pixel(int image, int x, int y) {
        int rgb = batch.get(image).getRGB(x, y);
        return "[" + sample(rgb >> 16) + ", " + sample(rgb >> 8) + ", " + sample(rgb) + "]";
    }

    private String sample(int bits) {
        int value = bits & 0xff;
        return whole ? value / 255 + "." : String.format(Locale.ROOT, "%.4f", value / 255.0);
    }
}
