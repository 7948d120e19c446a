package org.genaiconnector.metrics;

/** A figure of the deliveries to message-driven beans: an attribute of the adapter's MXBean, and its metric. */
enum Delivery {
    DELIVERED("Delivered", "genai_deliveries_total", "Ends of jobs that message-driven beans were told"),
    FAILED("Failed", "genai_deliveries_failed_total", "Attempts to tell a bean of an end that failed"),
    GIVEN_UP("GivenUp", "genai_deliveries_given_up_total", "Ends that a bean will not hear of any more");

    private final String attribute;
    private final String metric;
    private final String description;

    Delivery(String attribute, String metric, String description) {
        this.attribute = attribute;
        this.metric = metric;
        this.description = description;
    }

    String attribute() {
        return attribute;
    }

    String metric() {
        return metric;
    }

    String description() {
        return description;
    }
}
