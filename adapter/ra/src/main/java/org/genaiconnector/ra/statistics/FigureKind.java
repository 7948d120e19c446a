package org.genaiconnector.ra.statistics;

import java.util.Map;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import javax.management.openmbean.TabularDataSupport;
import javax.management.openmbean.TabularType;

/** The types that figures have, and what JMX makes of them: the same as of the getters of an MXBean interface. */
enum FigureKind {
    LONG(SimpleType.LONG, "long", "long"),
    DOUBLE(SimpleType.DOUBLE, "double", "double"),
    BOOLEAN(SimpleType.BOOLEAN, "boolean", "boolean"),
    STRING(SimpleType.STRING, String.class.getName(), String.class.getName()),
    TABLE(table(), "javax.management.openmbean.TabularData", "java.util.Map<java.lang.String, java.lang.Long>");

    private final OpenType<?> openType;
    private final String typeName;
    private final String originalType;

    FigureKind(OpenType<?> openType, String typeName, String originalType) {
        this.openType = openType;
        this.typeName = typeName;
        this.originalType = originalType;
    }

    private static TabularType table() {
        String name = "java.util.Map<java.lang.String, java.lang.Long>";
        String[] items = {"key", "value"};
        OpenType<?>[] types = {SimpleType.STRING, SimpleType.LONG};
        try {
            return new TabularType(
                    name, name, new CompositeType(name, name, items, items, types), new String[] {"key"});
        } catch (OpenDataException e) {
            throw new IllegalStateException(e);
        }
    }

    String typeName() {
        return typeName;
    }

    /** The fields by which management tools recognize the type. */
    Map<String, Object> descriptor() {
        return Map.of("openType", openType, "originalType", originalType);
    }

    /** A value as JMX hands it out. */
    Object open(Object value) {
        if (!(openType instanceof TabularType type)) {
            return value;
        }
        TabularDataSupport rows = new TabularDataSupport(type);
        ((Map<?, ?>) value).forEach((key, n) -> rows.put(row(type.getRowType(), key, n)));
        return rows;
    }

    private static CompositeDataSupport row(CompositeType type, Object key, Object value) {
        try {
            return new CompositeDataSupport(type, new String[] {"key", "value"}, new Object[] {key, value});
        } catch (OpenDataException e) {
            throw new IllegalStateException(e);
        }
    }
}
