package org.genaiconnector.ra.statistics;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import javax.management.Descriptor;
import javax.management.ImmutableDescriptor;
import javax.management.MBeanAttributeInfo;

/**
 * One figure: its names, what it means, how it is read, and how those of several sources become one. The MXBeans, their
 * total, {@code /metrics} and the table in {@code docs/monitoring.md} are made from it.
 *
 * @param <S> the source it is read from
 * @param heading its names and meaning
 * @param kind the type of its values
 * @param details further fields of the attribute's descriptor
 * @param reader reads it from one source; the value is a Long, Double, Boolean, String or {@code Map<String, Long>}
 * @param total reads one value from all sources together
 */
record Figure<S>(
        Heading<S> heading,
        FigureKind kind,
        Map<String, Object> details,
        Function<S, ?> reader,
        Function<List<S>, ?> total) {

    /** The unit of times in MXBeans; {@code /metrics} has seconds. */
    static final String MILLISECONDS = "milliseconds";

    /** The label of a histogram's buckets in Prometheus. */
    static final String BUCKET = "le";

    /**
     * The names and the meaning of a figure.
     *
     * @param <S> the source of the figure
     * @param attribute name of the MXBean's attribute
     * @param metric name at {@code /metrics}, empty if it is not shown there
     * @param unit what is counted
     * @param description for administrators
     */
    record Heading<S>(String attribute, String metric, String unit, String description) {

        private Figure<S> figure(
                FigureKind kind, Map<String, Object> details, Function<S, ?> reader, Function<List<S>, ?> total) {
            return new Figure<>(this, kind, details, reader, total);
        }

        /** A number that is added up. */
        Figure<S> sum(ToLongFunction<S> reader) {
            return figure(
                    FigureKind.LONG,
                    Map.of(),
                    reader::applyAsLong,
                    all -> all.stream().mapToLong(reader).sum());
        }

        /** Milliseconds that are added up. */
        Figure<S> sumOfMillis(ToDoubleFunction<S> reader) {
            return figure(
                    FigureKind.DOUBLE,
                    Map.of(),
                    reader::applyAsDouble,
                    all -> all.stream().mapToDouble(reader).sum());
        }

        /** A time of which the longest counts. */
        Figure<S> longest(Function<S, Duration> reader) {
            return figure(
                    FigureKind.DOUBLE,
                    Map.of(),
                    one -> millis(reader.apply(one)),
                    all -> all.stream()
                            .mapToDouble(one -> millis(reader.apply(one)))
                            .max()
                            .orElse(0));
        }

        /** A time that is averaged by the number of measurements; 0 if there are none. */
        Figure<S> average(Function<S, Duration> reader, ToLongFunction<S> count) {
            return weighted(one -> millis(reader.apply(one)), count, 0);
        }

        /** A share of a count, from 0 to 1; 1 if the count is 0. */
        Figure<S> share(ToDoubleFunction<S> reader, ToLongFunction<S> count) {
            return weighted(reader, count, 1);
        }

        private Figure<S> weighted(ToDoubleFunction<S> reader, ToLongFunction<S> count, double none) {
            return figure(FigureKind.DOUBLE, Map.of(), reader::applyAsDouble, all -> {
                long n = all.stream().mapToLong(count).sum();
                double sum = all.stream()
                        .mapToDouble(one -> reader.applyAsDouble(one) * count.applyAsLong(one))
                        .sum();
                return n == 0 ? none : sum / n;
            });
        }

        /** Numbers by key that are added up for each key. */
        Figure<S> sums(String label, List<String> keys, Function<S, Map<String, Long>> reader) {
            Map<String, Object> details = Map.of("label", label, "labelValues", keys.toArray(String[]::new));
            return figure(FigureKind.TABLE, details, reader, all -> {
                Map<String, Long> sums = new LinkedHashMap<>();
                all.forEach(one -> reader.apply(one).forEach((key, n) -> sums.merge(key, n, Long::sum)));
                return sums;
            });
        }

        /** True if it is true of all. */
        Figure<S> all(Predicate<S> reader) {
            return figure(
                    FigureKind.BOOLEAN,
                    Map.of(),
                    reader::test,
                    all -> all.stream().allMatch(reader));
        }

        /** A state, of which the worst counts; the states from the best to the worst. */
        Figure<S> worst(List<? extends Enum<?>> states, Function<S, ? extends Enum<?>> reader) {
            String[] names = states.stream().map(Enum::name).toArray(String[]::new);
            return figure(
                    FigureKind.STRING,
                    Map.of("states", names),
                    one -> reader.apply(one).name(),
                    all -> names[
                            all.stream()
                                    .mapToInt(one -> states.indexOf(reader.apply(one)))
                                    .max()
                                    .orElse(0)]);
        }

        /** A name, and that of all together. */
        Figure<S> name(Function<S, String> reader, String total) {
            return figure(FigureKind.STRING, Map.of(), reader, all -> total);
        }

        /** A name; of all together each that occurs. */
        Figure<S> names(Function<S, String> reader) {
            return figure(
                    FigureKind.STRING,
                    Map.of(),
                    reader,
                    all -> all.stream()
                            .map(reader)
                            .filter(name -> !name.isEmpty())
                            .distinct()
                            .sorted()
                            .collect(Collectors.joining(", ")));
        }

        private static double millis(Duration duration) {
            return duration.toNanos() / 1e6;
        }
    }

    String attribute() {
        return heading.attribute();
    }

    /** Its value in one source. */
    Object of(S source) {
        return kind.open(reader.apply(source));
    }

    /** Its value in all sources together. */
    Object ofAll(List<S> sources) {
        return kind.open(total.apply(sources));
    }

    /**
     * The MXBean's attribute. Its descriptor has what another program needs to show the figure as a metric: {@code metric},
     * {@code units}, for a table the {@code label} of its keys and all {@code labelValues}, for a state all {@code states}
     * from the best to the worst.
     */
    MBeanAttributeInfo info() {
        Map<String, Object> fields = new LinkedHashMap<>(kind.descriptor());
        fields.putAll(details);
        if (!heading.metric().isEmpty()) {
            fields.put("metric", heading.metric());
            fields.put("units", heading.unit());
        }
        Descriptor descriptor = new ImmutableDescriptor(fields);
        return new MBeanAttributeInfo(
                attribute(), kind.typeName(), heading.description(), true, false, false, descriptor);
    }

    /** Its rows in the table of metrics in the documentation. */
    List<String> rows() {
        if (heading.metric().isEmpty()) {
            return List.of();
        }
        String unit = heading.unit().equals(MILLISECONDS) ? "seconds" : heading.unit();
        String row = row(heading.metric(), unit, heading.description());
        return BUCKET.equals(details.get("label"))
                ? Arrays.asList(row, row(heading.metric().replace("_bucket", "_count"), unit, "All in the histogram"))
                : List.of(row);
    }

    private String row(String metric, String unit, String description) {
        return "| `" + metric + "` | `" + attribute() + "` | " + unit + " | " + description + " |";
    }
}
