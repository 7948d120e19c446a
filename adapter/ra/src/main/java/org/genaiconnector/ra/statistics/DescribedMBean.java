package org.genaiconnector.ra.statistics;

import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.StandardMBean;

/** An MXBean that describes itself by the {@link Description}s of its management interface. */
abstract class DescribedMBean extends StandardMBean {
    private final String description;

    /** @param type the management interface, which the subclass implements */
    DescribedMBean(Class<?> type, String description) {
        super(type, true);
        this.description = description;
    }

    @Override
    protected final String getDescription(MBeanInfo info) {
        return description;
    }

    @Override
    protected final String getDescription(MBeanAttributeInfo info) {
        return describe("get" + info.getName());
    }

    @Override
    protected final String getDescription(MBeanOperationInfo info) {
        return describe(info.getName());
    }

    private String describe(String method) {
        try {
            return getMBeanInterface()
                    .getMethod(method)
                    .getAnnotation(Description.class)
                    .value();
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }
}
