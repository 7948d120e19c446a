package org.genaiconnector.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.ResourceException;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.UncheckedGenAiException;
import org.junit.jupiter.api.Test;

class UncheckedTest {
    private static final GenAiException BUSY = new GenAiException(FailureCategory.OVERLOADED, "busy");

    @Test
    void givesTheResult() {
        assertThat(Unchecked.call(() -> "text")).isEqualTo("text");
    }

    @Test
    void throwsWhatContainersRollBackFor() {
        assertThatThrownBy(() -> Unchecked.call(() -> {
                    throw BUSY;
                }))
                .isInstanceOf(UncheckedGenAiException.class)
                .hasMessage("busy")
                .hasCause(BUSY);
        ResourceException exhausted = new ResourceException("pool exhausted");
        assertThatThrownBy(() -> Unchecked.run(() -> {
                    throw exhausted;
                }))
                .isInstanceOf(UncheckedGenAiException.class)
                .hasCause(exhausted);
    }

    @Test
    void leavesOtherExceptionsAsTheyAre() {
        IllegalStateException other = new IllegalStateException("mine");
        assertThatThrownBy(() -> Unchecked.run(() -> {
                    throw other;
                }))
                .isSameAs(other);
    }
}
