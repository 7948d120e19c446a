package org.genaiconnector.testkit.comfyui;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.CRC32;

/**
 * Paints a landscape from words: sky, sun or moon, hills, trees or water, and the words at the bottom. The words choose
 * the colours and what is in the picture, the seed shapes it; the same scene in the same size gives the same pixels.
 */
final class Painter {
    private static final int LAYERS = 5;
    private static final int STARS = 90;
    private static final int TREES = 26;
    private static final int MOST_CAPTION_LINES = 4;

    private final Graphics2D canvas;
    private final Random random;
    private final int width;
    private final int height;
    private final float hue;
    private final boolean night;
    private final boolean water;
    private final boolean wood;

    private Painter(Graphics2D canvas, Scene scene, int width, int height) {
        this.canvas = canvas;
        this.width = width;
        this.height = height;
        String words = scene.text().toLowerCase(Locale.ROOT);
        long hash = hash(words + '\0' + scene.unwanted());
        this.random = new Random(hash * 0x9E3779B97F4A7C15L + scene.seed());
        this.hue = (hash & 0xffff) / 65536f;
        this.night = words.matches("(?s).*\\b(night|moon|stars?|dark|midnight|space)\\b.*") || hash % 7 == 0;
        this.water = words.matches("(?s).*\\b(sea|ocean|lake|river|water|beach|harbou?r|ship|boat|coast)\\b.*")
                || hash % 3 == 0;
        this.wood = words.matches("(?s).*\\b(forest|trees?|woods?|jungle|park|garden)\\b.*") || hash % 4 == 1;
    }

    static BufferedImage paint(Scene scene, int width, int height) {
        BufferedImage image = Pictures.blank(width, height);
        Graphics2D canvas = image.createGraphics();
        canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        Painter painter = new Painter(canvas, scene, width, height);
        painter.sky();
        painter.hills();
        painter.caption(scene.text());
        canvas.dispose();
        return image;
    }

    /** A copy of {@code image} with {@code amount}, from 0 to 1, of it replaced by coloured noise. */
    static BufferedImage noisy(BufferedImage image, long seed, double amount) {
        Random noise = new Random(seed);
        BufferedImage mixed = Pictures.blank(image.getWidth(), image.getHeight());
        int weight = (int) Math.round(amount * 256);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                mixed.setRGB(x, y, mix(image.getRGB(x, y), noise.nextInt(), weight));
            }
        }
        return mixed;
    }

    private static int mix(int from, int to, int weight) {
        int mixed = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            int sample = (from >> shift & 0xff) * (256 - weight) + (to >> shift & 0xff) * weight;
            mixed |= (sample >> 8) << shift;
        }
        return mixed;
    }

    private static long hash(String text) {
        CRC32 hash = new CRC32();
        hash.update(text.getBytes(StandardCharsets.UTF_8));
        return hash.getValue();
    }

    private static Color color(double hue, double saturation, double brightness) {
        return Color.getHSBColor((float) hue, (float) saturation, (float) brightness);
    }

    private static Color faded(Color color, double opacity) {
        return new Color(color.getRed(), color.getGreen(), color.getBlue(), (int) (opacity * 255));
    }

    private void sky() {
        Color top = night ? color(hue, 0.75, 0.12) : color(hue, 0.55, 0.85);
        Color bottom = night ? color(hue + 0.08, 0.6, 0.4) : color(hue + 0.12, 0.35, 1);
        canvas.setPaint(new GradientPaint(0, 0, top, 0, height * 0.7f, bottom));
        canvas.fill(new Rectangle2D.Double(0, 0, width, height));
        if (night) {
            stars();
        }
        light();
        if (!night) {
            clouds();
        }
    }

    private void stars() {
        for (int i = 0; i < STARS; i++) {
            double size = (0.5 + random.nextDouble() * 1.5) * width / 512;
            canvas.setColor(faded(Color.WHITE, 0.4 + random.nextDouble() * 0.6));
            canvas.fill(
                    new Ellipse2D.Double(random.nextDouble() * width, random.nextDouble() * height * 0.55, size, size));
        }
    }

    /** The sun or the moon with its glow. */
    private void light() {
        double radius = Math.min(width, height) * (0.07 + random.nextDouble() * 0.06);
        double x = width * (0.2 + random.nextDouble() * 0.6);
        double y = height * (0.14 + random.nextDouble() * 0.22);
        Color core = night ? color(0.15, 0.08, 1) : color(hue + 0.5 > 1 ? 0.13 : 0.1, 0.35, 1);
        canvas.setPaint(new RadialGradientPaint(
                new Point2D.Double(x, y), (float) (radius * 5), new float[] {0, 0.25f, 1}, new Color[] {
                    faded(core, 0.9), faded(core, 0.35), faded(core, 0)
                }));
        canvas.fill(new Rectangle2D.Double(0, 0, width, height));
        canvas.setColor(core);
        canvas.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
    }

    private void clouds() {
        for (int cloud = 0; cloud < 4; cloud++) {
            double x = random.nextDouble() * width;
            double y = height * (0.08 + random.nextDouble() * 0.3);
            canvas.setColor(faded(Color.WHITE, 0.25 + random.nextDouble() * 0.25));
            for (int puff = 0; puff < 6; puff++) {
                double size = width * (0.05 + random.nextDouble() * 0.08);
                canvas.fill(new Ellipse2D.Double(
                        x + (puff - 3) * width * 0.035, y - size * 0.3 * random.nextDouble(), size * 1.5, size * 0.6));
            }
        }
    }

    private void hills() {
        for (int layer = 0; layer < LAYERS; layer++) {
            double near = (layer + 1.0) / LAYERS;
            double base = height * (0.42 + 0.42 * near);
            if (water && layer == LAYERS - 2) {
                lake(base - height * 0.04);
                continue;
            }
            double[] ridge = ridge(base, height * (0.13 - 0.06 * near));
            double brightness = (night ? 0.34 : 0.78) - (night ? 0.24 : 0.5) * near;
            Color ground = color(hue + 0.33 + 0.12 * near, 0.25 + 0.35 * near, brightness);
            canvas.setPaint(new GradientPaint(0, (float) base, ground, 0, height, ground.darker()));
            canvas.fill(below(ridge));
            if (wood && layer == LAYERS - 1) {
                trees(ridge, ground.darker());
            }
        }
    }

    /** The height of a range of hills at every pixel column: three waves on top of each other. */
    private double[] ridge(double base, double swing) {
        double[] ridge = new double[width + 1];
        for (int wave = 1; wave <= 3; wave++) {
            double length = width / (0.7 * wave + random.nextDouble() * wave);
            double phase = random.nextDouble() * 2 * Math.PI;
            for (int x = 0; x <= width; x++) {
                ridge[x] += Math.sin(2 * Math.PI * x / length + phase) * swing / wave;
            }
        }
        for (int x = 0; x <= width; x++) {
            ridge[x] += base;
        }
        return ridge;
    }

    private Path2D below(double[] ridge) {
        Path2D shape = new Path2D.Double();
        shape.moveTo(0, height);
        for (int x = 0; x < ridge.length; x++) {
            shape.lineTo(x, ridge[x]);
        }
        shape.lineTo(width, height);
        shape.closePath();
        return shape;
    }

    private void lake(double surface) {
        Color far = color(hue + 0.05, 0.35, night ? 0.35 : 0.9);
        Color near = color(hue + 0.02, 0.65, night ? 0.15 : 0.55);
        canvas.setPaint(new GradientPaint(0, (float) surface, far, 0, height, near));
        canvas.fill(new Rectangle2D.Double(0, surface, width, height - surface));
        for (int glint = 0; glint < 60; glint++) {
            double depth = random.nextDouble();
            double length = width * (0.02 + 0.09 * depth) * random.nextDouble();
            canvas.setColor(faded(Color.WHITE, 0.1 + 0.25 * random.nextDouble()));
            canvas.fill(new Rectangle2D.Double(
                    random.nextDouble() * width,
                    surface + depth * (height - surface),
                    length,
                    1 + depth * height / 400));
        }
    }

    private void trees(double[] ridge, Color color) {
        for (int tree = 0; tree < TREES; tree++) {
            int x = random.nextInt(width);
            double tall = height * (0.06 + random.nextDouble() * 0.1);
            canvas.setColor(random.nextBoolean() ? color : color.darker());
            for (int part = 0; part < 3; part++) {
                double top = ridge[x] - tall + part * tall * 0.25;
                double half = tall * (0.14 + 0.07 * part);
                Path2D crown = new Path2D.Double();
                crown.moveTo(x, top);
                crown.lineTo(x - half, top + tall * 0.5);
                crown.lineTo(x + half, top + tall * 0.5);
                crown.closePath();
                canvas.fill(crown);
            }
        }
    }

    private void caption(String text) {
        if (text.isBlank()) {
            return;
        }
        double dot = Math.max(1, Math.min(width, height) / 256.0);
        int room = (int) (width / dot) - 16;
        List<String> lines = DotFont.wrap(text, room, MOST_CAPTION_LINES);
        double line = DotFont.lineHeight() * dot;
        double band = lines.size() * line + 10 * dot;
        canvas.setColor(new Color(0, 0, 0, 140));
        canvas.fill(new Rectangle2D.Double(0, height - band, width, band));
        canvas.setColor(Color.WHITE);
        double y = height - band + 6 * dot;
        for (String words : lines) {
            DotFont.draw(canvas, words, (width - DotFont.width(words) * dot) / 2, y, dot);
            y += line;
        }
    }
}
