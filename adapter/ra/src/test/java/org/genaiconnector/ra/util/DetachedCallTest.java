package org.genaiconnector.ra.util;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import javax.security.auth.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DetachedCallTest {
    private static final DetachedCall CALL = DetachedCall.of(Callable.class, "call", Object.class);
    private static final DetachedCall COMPARE = DetachedCall.of(Comparable.class, "compareTo", int.class, Object.class);

    /** What a thread that is started in the call inherits ends there. */
    @Test
    @EnabledForJreRange(max = JRE.JAVA_23)
    void hidesTheCaller() throws Exception {
        Callable<List<String>> stack = () -> StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> frames.skip(1) // this one
                        .map(frame -> frame.getDeclaringClass().getName())
                        .takeWhile(name -> !name.equals(DetachedCall.class.getName()))
                        .toList());

        List<?> called = (List<?>) CALL.call(stack);

        assertThat(called).asString().contains(Subject.class.getName()).doesNotContain("org.genaiconnector");
    }

    @Test
    void passesArgumentsAndResult() throws Exception {
        assertThat(COMPARE.call("a", "a")).isEqualTo(0);
    }

    @ParameterizedTest
    @ValueSource(classes = {IOException.class, IllegalStateException.class, AssertionError.class})
    void throwsWhatTheMethodThrows(Class<? extends Throwable> type) throws Exception {
        Throwable thrown = type.getConstructor().newInstance();
        Callable<String> failing = () -> {
            if (thrown instanceof Exception e) {
                throw e;
            }
            throw (Error) thrown;
        };

        assertThatThrownBy(() -> CALL.call(failing)).isSameAs(thrown);
    }

    @Test
    void namesAMethodThatThereIsNot() {
        assertThatThrownBy(() -> DetachedCall.of(Callable.class, "run", void.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("run");
    }
}
