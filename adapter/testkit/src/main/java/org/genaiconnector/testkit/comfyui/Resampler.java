package org.genaiconnector.testkit.comfyui;

import java.awt.image.BufferedImage;
import java.util.Locale;

/** Scales pictures with the filters ComfyUI offers: first all rows, then all columns. */
enum Resampler {
    NEAREST_EXACT(0.5, false),
    BILINEAR(1, false),
    AREA(0.5, true),
    BICUBIC(2, false),
    LANCZOS(3, true);

    private final double radius;
    private final boolean widensWhenShrinking;

    Resampler(double radius, boolean widensWhenShrinking) {
        this.radius = radius;
        this.widensWhenShrinking = widensWhenShrinking;
    }

    /** The filter with this wire name, for example {@code nearest-exact}. */
    static Resampler named(String method) {
        return valueOf(method.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** {@code image} in the new size. */
    BufferedImage scale(BufferedImage image, int width, int height) throws InterruptedException {
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        int[] narrowed = rows(pixels, image.getWidth(), image.getHeight(), width);
        int[] turned = transpose(narrowed, width, image.getHeight());
        int[] shortened = rows(turned, image.getHeight(), width, height);
        BufferedImage scaled = Pictures.blank(width, height);
        scaled.setRGB(0, 0, width, height, transpose(shortened, height, width), 0, width);
        return scaled;
    }

    private int[] rows(int[] pixels, int from, int count, int to) throws InterruptedException {
        Taps[] taps = new Taps[to];
        for (int x = 0; x < to; x++) {
            taps[x] = taps(x, from, to);
        }
        int[] out = new int[to * count];
        for (int y = 0; y < count; y++) {
            if (Thread.interrupted()) {
                throw new InterruptedException("Stopped while scaling a picture");
            }
            for (int x = 0; x < to; x++) {
                out[y * to + x] = taps[x].blend(pixels, y * from, from);
            }
        }
        return out;
    }

    private Taps taps(int x, int from, int to) {
        double ratio = (double) from / to;
        double stretch = widensWhenShrinking ? Math.max(1, ratio) : 1;
        double centre = (x + 0.5) * ratio - 0.5;
        int first = (int) Math.ceil(centre - radius * stretch);
        int last = (int) Math.floor(centre + radius * stretch);
        float[] weights = new float[last - first + 1];
        float sum = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) weight((first + i - centre) / stretch);
            sum += weights[i];
        }
        if (sum == 0) {
            return new Taps((int) Math.round(centre), new float[] {1});
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
        return new Taps(first, weights);
    }

    private double weight(double distance) {
        double d = Math.abs(distance);
        return switch (this) {
            case NEAREST_EXACT, AREA -> d <= 0.5 ? 1 : 0;
            case BILINEAR -> Math.max(0, 1 - d);
            case BICUBIC -> d < 1 ? (1.25 * d - 2.25) * d * d + 1 : d < 2 ? ((-0.75 * d + 3.75) * d - 6) * d + 3 : 0;
            case LANCZOS -> d < 3 ? sinc(d) * sinc(d / 3) : 0;
        };
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }

    private static int[] transpose(int[] pixels, int width, int height) {
        int[] turned = new int[pixels.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                turned[x * height + y] = pixels[y * width + x];
            }
        }
        return turned;
    }

    /** The pixels that make up one new pixel, and how much of each. */
    private record Taps(int first, float[] weights) {
        int blend(int[] pixels, int row, int length) {
            float red = 0;
            float green = 0;
            float blue = 0;
            for (int i = 0; i < weights.length; i++) {
                int pixel = pixels[row + Math.min(Math.max(first + i, 0), length - 1)];
                red += weights[i] * (pixel >> 16 & 0xff);
                green += weights[i] * (pixel >> 8 & 0xff);
                blue += weights[i] * (pixel & 0xff);
            }
            return sample(red) << 16 | sample(green) << 8 | sample(blue);
        }

        private static int sample(float value) {
            return Math.min(Math.max(Math.round(value), 0), 255);
        }
    }
}
