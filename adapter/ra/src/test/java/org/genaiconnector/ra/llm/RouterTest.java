package org.genaiconnector.ra.llm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.junit.jupiter.api.Test;

class RouterTest {
    private static Lane lane(Router router, String model) {
        return router.lane(
                router.targets().route(model).orElseThrow().candidates().get(0));
    }

    /** An application may pass on names of its users to a target that takes any. */
    @Test
    void forgetsModelsInWhichNothingGoesOn() throws Exception {
        Router router = new Router(
                new LiveTargets("{\"targets\": {\"gpu\": {\"provider\": \"VLLM\"}}}", () -> 1, (before, after) -> {}),
                null,
                null,
                new UsageLedger(),
                null,
                null,
                candidate -> Optional.empty(),
                () -> 1);
        Lane busy = lane(router, "busy");
        busy.began();
        Lane resting = lane(router, "resting");
        resting.failed(
                new GenAiException(FailureCategory.RATE_LIMIT, "later", null, true, Duration.ofSeconds(10), 429, null),
                1);

        for (int i = 0; i < 3 * Router.MOST_LANES; i++) {
            lane(router, "model " + i);
            assertThat(router.lanes()).isLessThanOrEqualTo(Router.MOST_LANES);
        }

        assertThat(lane(router, "busy")).isSameAs(busy);
        assertThat(lane(router, "resting")).isSameAs(resting);
    }
}
