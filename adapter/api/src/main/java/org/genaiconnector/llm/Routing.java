package org.genaiconnector.llm;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.SerializedRecord;

/**
 * Who answered a call of a factory with several targets, and why it was that one.
 *
 * @param target name of the target in the factory's configuration
 * @param model as the target's service names it
 * @param failed the tries before, in their order; empty if the first one succeeded
 * @param cost by the configured prices, in units of the currency; empty without a price, and if the service did not say
 *     how many tokens it used
 * @param currency code of three letters, such as {@code USD}
 */
public record Routing(String target, String model, List<FailedTry> failed, Optional<BigDecimal> cost, String currency)
        implements Serializable {

    /**
     * A try that did not lead to the answer.
     *
     * @param target name of the target
     * @param model as the target's service names it
     * @param category why it failed, or was not made
     * @param message for people
     */
    public record FailedTry(String target, String model, FailureCategory category, String message)
            implements Serializable {

        public FailedTry {
            Objects.requireNonNull(category, "category");
        }
    }

    public Routing {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(cost, "cost");
        Objects.requireNonNull(currency, "currency");
        failed = List.copyOf(failed);
    }

    /**
     * How many tries the answer took.
     *
     * @return 1 or more
     */
    public int tries() {
        return failed.size() + 1;
    }

    private Object writeReplace() {
        return SerializedRecord.of(this);
    }
}
