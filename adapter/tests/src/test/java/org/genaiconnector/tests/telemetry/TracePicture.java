package org.genaiconnector.tests.telemetry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.genaiconnector.tests.telemetry.Collector.Span;

/** A trace as text, and as a picture in SVG: one row for each span, below its parent, on a common scale of time. */
final class TracePicture {
    private static final int ROW = 26;
    private static final int NAMES = 330;
    private static final int BARS = 560;
    private static final List<String> COLOURS = List.of("#888", "#7a7a7a", "#3b6ea5", "#2e8b57", "#b8860b", "#8b4a8b");

    private record Row(Span span, int depth) {}

    private final List<Row> rows = new ArrayList<>();
    private final long start;
    private final long end;

    /** @param trace all spans of one trace */
    TracePicture(List<Span> trace) {
        start = trace.stream().mapToLong(Span::start).min().orElseThrow();
        end = trace.stream().mapToLong(Span::end).max().orElseThrow();
        List<String> ids = trace.stream().map(Span::id).toList();
        trace.stream()
                .filter(span -> !ids.contains(span.parent()))
                .sorted(Comparator.comparingLong(Span::start))
                .forEach(root -> add(root, 0, trace));
    }

    private void add(Span span, int depth, List<Span> trace) {
        rows.add(new Row(span, depth));
        trace.stream()
                .filter(child -> child.parent().equals(span.id()))
                .sorted(Comparator.comparingLong(Span::start))
                .forEach(child -> add(child, depth + 1, trace));
    }

    private double millis(long nanos) {
        return (nanos - start) / 1e6;
    }

    /** One line for each span: when it began, how long it took, what it was. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (Row row : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    "%8.1f ms %8.1f ms  %s%s%n",
                    millis(row.span().start()),
                    (row.span().end() - row.span().start()) / 1e6,
                    "  ".repeat(row.depth()),
                    row.span().name()));
        }
        return text.toString();
    }

    String svg() {
        int height = rows.size() * ROW + 40;
        int width = NAMES + BARS + 90;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>%n",
                width,
                height));
        int y = 12;
        for (Row row : rows) {
            Span span = row.span();
            double scale = BARS / Math.max(1.0, (end - start) / 1e6);
            double x = NAMES + millis(span.start()) * scale;
            double wide = Math.max(2, (span.end() - span.start()) / 1e6 * scale);
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\">%s</text>%n"
                            + "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"14\" rx=\"2\" fill=\"%s\"/>%n"
                            + "<text x=\"%.1f\" y=\"%d\" fill=\"#555\" font-size=\"11\">%.0f ms</text>%n",
                    10 + row.depth() * 16,
                    y + 12,
                    span.name().replace("&", "&amp;").replace("<", "&lt;"),
                    x,
                    y,
                    wide,
                    COLOURS.get((int) span.kind()),
                    x + wide + 4,
                    y + 11,
                    (span.end() - span.start()) / 1e6));
            y += ROW;
        }
        return svg.append("</svg>\n").toString();
    }
}
