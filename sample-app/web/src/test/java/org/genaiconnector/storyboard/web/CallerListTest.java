package org.genaiconnector.storyboard.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallerListTest {

    @Test
    void readsPairs() {
        CallerList callers = new CallerList("alice:wonder:land, bob:builder");

        assertThat(callers.password("alice")).contains("wonder:land");
        assertThat(callers.password("bob")).contains("builder");
        assertThat(callers.password("carol")).isEmpty();
    }

    @Test
    void readsCommasAndBackslashesInPasswords() {
        CallerList callers = new CallerList("alice:one\\,two\\\\,bob:\\,");

        assertThat(callers.password("alice")).contains("one,two\\");
        assertThat(callers.password("bob")).contains(",");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alice:one,two       | entry 2 is not NAME:PASSWORD; write \\, for a comma",
                "alice               | entry 1 is not NAME:PASSWORD",
                "alice:              | entry 1 is not NAME:PASSWORD",
                ":secret             | entry 1 is not NAME:PASSWORD",
                "alice:one,          | entry 2 is not NAME:PASSWORD",
                "alice:one,alice:two | entry 2 repeats a name",
                "alice:one\\x        | entry 1 has a backslash",
                "alice:one\\         | entry 1 has a backslash",
            })
    void saysWhichEntryIsWrongWithoutQuotingIt(String text, String message) {
        assertThatThrownBy(() -> new CallerList(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("STORYBOARD_CALLERS")
                .hasMessageContaining(message)
                .hasMessageNotContaining("one")
                .hasMessageNotContaining("two");
    }
}
