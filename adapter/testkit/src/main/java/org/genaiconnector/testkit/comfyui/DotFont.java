package org.genaiconnector.testkit.comfyui;

import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * A font of dots, five wide and eight high. It looks the same on every machine and needs no font files, which a headless
 * server may not have.
 */
final class DotFont {
    private static final int COLUMNS = 5;
    private static final int ADVANCE = 6;
    private static final int ROWS = 8;
    private static final char FIRST = ' ';
    private static final char LAST = '~';
    private static final String UNKNOWN = "7f4141417f";

    /** One glyph is five columns of two hex digits, the lowest bit on top; from blank to tilde. */
    private static final String GLYPHS = "0000000000" + "00005f0000" + "0007000700" + "147f147f14" + "242a7f2a12"
            + "2313086462" + "3649562050" + "0008070300" + "001c224100" + "0041221c00" + "2a1c7f1c2a" + "08083e0808"
            + "0080703000" + "0808080808" + "0000606000" + "2010080402" + "3e5149453e" + "00427f4000" + "7249494946"
            + "2141494d33" + "1814127f10" + "2745454539" + "3c4a494931" + "4121110907" + "3649494936" + "464949291e"
            + "0000140000" + "0040340000" + "0008142241" + "1414141414" + "0041221408" + "0201590906" + "3e415d594e"
            + "7c1211127c" + "7f49494936" + "3e41414122" + "7f4141413e" + "7f49494941" + "7f09090901" + "3e41415173"
            + "7f0808087f" + "00417f4100" + "2040413f01" + "7f08142241" + "7f40404040" + "7f021c027f" + "7f0408107f"
            + "3e4141413e" + "7f09090906" + "3e4151215e" + "7f09192946" + "2649494932" + "03017f0103" + "3f4040403f"
            + "1f2040201f" + "3f4038403f" + "6314081463" + "0304780403" + "6159494d43" + "007f414141" + "0204081020"
            + "004141417f" + "0402010204" + "4040404040" + "0003070800" + "2054547840" + "7f28444438" + "3844444428"
            + "384444287f" + "3854545418" + "00087e0902" + "18a4a49c78" + "7f08040478" + "00447d4000" + "2040403d00"
            + "7f10284400" + "00417f4000" + "7c04780478" + "7c08040478" + "3844444438" + "fc18242418" + "18242418fc"
            + "7c08040408" + "4854545424" + "04043f4424" + "3c4040207c" + "1c2040201c" + "3c4030403c" + "4428102844"
            + "4c9090907c" + "4464544c44" + "0008364100" + "0000770000" + "0041360800" + "0201020402";

    private DotFont() {}

    /** The height of a line, in dots. */
    static int lineHeight() {
        return ROWS + 2;
    }

    /** {@code text} in lines of at most {@code width} dots, {@code most} of them; what does not fit becomes dots. */
    static List<String> wrap(String text, int width, int most) {
        int columns = Math.max(1, width / ADVANCE);
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : plain(text).strip().split("\\s+")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > columns) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        List<String> kept = new ArrayList<>(lines.subList(0, Math.min(most, lines.size())));
        for (int i = 0; i < kept.size(); i++) {
            boolean cut = kept.get(i).length() > columns || (i == most - 1 && lines.size() > most);
            kept.set(i, cut ? shortened(kept.get(i), columns) : kept.get(i));
        }
        return kept;
    }

    private static String shortened(String line, int columns) {
        return columns <= 3
                ? line.substring(0, Math.min(columns, line.length()))
                : line.substring(0, Math.min(line.length(), columns - 3)) + "...";
    }

    /** Accents dropped, as the font has none. */
    private static String plain(String text) {
        return Normalizer.normalize(text.replace("ß", "ss"), Normalizer.Form.NFD)
                .replaceAll("\\p{M}+", "");
    }

    static int width(String text) {
        return text.length() * ADVANCE - 1;
    }

    /** Draws {@code text} in the canvas's colour with its top left corner at (x, y); a dot is {@code size} pixels. */
    static void draw(Graphics2D canvas, String text, double x, double y, double size) {
        for (int i = 0; i < text.length(); i++) {
            String glyph = glyph(text.charAt(i));
            for (int column = 0; column < COLUMNS; column++) {
                int bits = Integer.parseInt(glyph, 2 * column, 2 * column + 2, 16);
                for (int row = 0; row < ROWS; row++) {
                    if ((bits >> row & 1) == 1) {
                        double left = x + (i * ADVANCE + column) * size;
                        canvas.fill(new Ellipse2D.Double(left, y + row * size, size * 1.1, size * 1.1));
                    }
                }
            }
        }
    }

    private static String glyph(char c) {
        if (c < FIRST || c > LAST) {
            return UNKNOWN;
        }
        int at = (c - FIRST) * 2 * COLUMNS;
        return GLYPHS.substring(at, at + 2 * COLUMNS);
    }
}
