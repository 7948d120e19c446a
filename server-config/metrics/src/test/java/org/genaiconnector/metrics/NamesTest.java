package org.genaiconnector.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.ra.statistics.ConnectionFactoryMXBean;
import org.genaiconnector.ra.statistics.DeliveriesMXBean;
import org.junit.jupiter.api.Test;

/** The names known here are those of the adapter. */
class NamesTest {

    @Test
    void mapsEveryNumberOfTheMXBean() {
        Stream<String> numbers = Arrays.stream(ConnectionFactoryMXBean.class.getMethods())
                .filter(method -> method.getReturnType() == long.class || method.getReturnType() == double.class)
                .map(Method::getName)
                .map(name -> name.substring("get".length()));

        assertThat(Arrays.stream(Figure.values()).map(Figure::attribute))
                .containsExactlyInAnyOrderElementsOf(numbers.toList());
    }

    @Test
    void knowsEveryFailureCategory() {
        assertThat(PoolMetrics.CATEGORIES)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(FailureCategory.values()).map(Enum::name).toList());
    }

    @Test
    void knowsEveryFigureOfDeliveries() {
        assertThat(Arrays.stream(Delivery.values()).map(Delivery::attribute))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(DeliveriesMXBean.class.getMethods())
                        .map(Method::getName)
                        .map(name -> name.substring("get".length()))
                        .toList());
    }
}
