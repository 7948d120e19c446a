package org.genaiconnector.ra.statistics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.ImmutableDescriptor;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.ReflectionException;

/**
 * An MXBean whose attributes are figures. It has no interface in Java: a client that wants a proxy writes one with the getters
 * that it needs, and {@link javax.management.JMX#newMXBeanProxy} takes it. Safe for all threads.
 *
 * @param <S> the source of the figures
 */
final class FiguresBean<S> implements DynamicMBean {
    private static final String RESET = "reset";

    private final Map<String, Figure<S>> figures = new LinkedHashMap<>();
    private final Supplier<Function<Figure<S>, Object>> source;
    private final Optional<Runnable> reset;
    private final Optional<DynamicMBean> operations;
    private final MBeanInfo info;

    private FiguresBean(
            String description,
            List<Figure<S>> figures,
            Supplier<Function<Figure<S>, Object>> source,
            Optional<Runnable> reset,
            Optional<DynamicMBean> operations) {
        figures.forEach(figure -> this.figures.put(figure.attribute(), figure));
        this.source = source;
        this.reset = reset;
        this.operations = operations;
        this.info = new MBeanInfo(
                FiguresBean.class.getName(),
                description,
                figures.stream().map(Figure::info).toArray(MBeanAttributeInfo[]::new),
                null,
                Stream.concat(
                                reset.stream().map(action -> resetInfo()),
                                operations.stream()
                                        .flatMap(all ->
                                                Stream.of(all.getMBeanInfo().getOperations())))
                        .toArray(MBeanOperationInfo[]::new),
                null,
                new ImmutableDescriptor("mxbean=true", "immutableInfo=true"));
    }

    private static MBeanOperationInfo resetInfo() {
        return new MBeanOperationInfo(
                RESET, "Starts counting again from zero", new MBeanParameterInfo[0], "void", MBeanOperationInfo.ACTION);
    }

    /** Shows the figures of one source. */
    static <S> FiguresBean<S> ofOne(
            String description, List<Figure<S>> figures, Supplier<S> source, Optional<Runnable> reset) {
        return new FiguresBean<>(description, figures, one(source), reset, Optional.empty());
    }

    /** Shows the figures of one source, and has the operations of another MXBean. */
    static <S> FiguresBean<S> with(
            String description, List<Figure<S>> figures, Supplier<S> source, DynamicMBean operations) {
        return new FiguresBean<>(description, figures, one(source), Optional.empty(), Optional.of(operations));
    }

    private static <S> Supplier<Function<Figure<S>, Object>> one(Supplier<S> source) {
        return () -> {
            S now = source.get();
            return figure -> figure.of(now);
        };
    }

    /** Shows the figures of all sources together. */
    static <S> FiguresBean<S> ofAll(
            String description, List<Figure<S>> figures, Supplier<List<S>> sources, Optional<Runnable> reset) {
        return new FiguresBean<>(
                description,
                figures,
                () -> {
                    List<S> now = sources.get();
                    return figure -> figure.ofAll(now);
                },
                reset,
                Optional.empty());
    }

    @Override
    public MBeanInfo getMBeanInfo() {
        return info;
    }

    @Override
    public Object getAttribute(String name) throws AttributeNotFoundException {
        Figure<S> figure = figures.get(name);
        if (figure == null) {
            throw new AttributeNotFoundException(name + " is no attribute of this MXBean");
        }
        return source.get().apply(figure);
    }

    /** All of one moment; names that are no attributes are left out, as JMX asks for. */
    @Override
    public AttributeList getAttributes(String[] names) {
        Function<Figure<S>, Object> now = source.get();
        List<Attribute> values = new ArrayList<>();
        for (String name : names) {
            Figure<S> figure = figures.get(name);
            if (figure != null) {
                values.add(new Attribute(name, now.apply(figure)));
            }
        }
        return new AttributeList(values);
    }

    @Override
    public void setAttribute(Attribute attribute) throws AttributeNotFoundException {
        throw new AttributeNotFoundException(attribute.getName() + " is read-only");
    }

    @Override
    public AttributeList setAttributes(AttributeList attributes) {
        return new AttributeList();
    }

    @Override
    public Object invoke(String operation, Object[] parameters, String[] signature)
            throws MBeanException, ReflectionException {
        if (operations.isPresent()) {
            return operations.get().invoke(operation, parameters, signature);
        }
        if (reset.isEmpty() || !operation.equals(RESET)) {
            throw new ReflectionException(new NoSuchMethodException(operation), "This MXBean has no such operation");
        }
        reset.get().run();
        return null;
    }
}
