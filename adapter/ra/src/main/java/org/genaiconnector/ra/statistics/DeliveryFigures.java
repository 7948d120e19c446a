package org.genaiconnector.ra.statistics;

import java.util.concurrent.atomic.LongAdder;

/** Counts deliveries of ends to message-driven beans, and shows them as {@code org.genaiconnector:type=Deliveries}. */
public final class DeliveryFigures implements AutoCloseable {
    private final LongAdder delivered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder givenUp = new LongAdder();
    private final ShownBeans beans = new ShownBeans();

    /** Begins to count, and shows that. */
    public DeliveryFigures() {
        beans.register("type=Deliveries", new Shown());
    }

    /** A bean was told. */
    public void delivered() {
        delivered.increment();
    }

    /** An attempt failed. */
    public void failed() {
        failed.increment();
    }

    /** The last attempt has failed, which counts as failed as well. */
    public void gaveUp() {
        givenUp.increment();
    }

    /** Shows it no longer. */
    @Override
    public void close() {
        beans.close();
    }

    private final class Shown extends DescribedMBean implements DeliveriesMXBean {
        Shown() {
            super(DeliveriesMXBean.class, "Deliveries of the ends of jobs to message-driven beans");
        }

        @Override
        public long getDelivered() {
            return delivered.sum();
        }

        @Override
        public long getFailed() {
            return failed.sum();
        }

        @Override
        public long getGivenUp() {
            return givenUp.sum();
        }
    }
}
