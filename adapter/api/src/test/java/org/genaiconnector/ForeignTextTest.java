package org.genaiconnector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForeignTextTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "down\nSEVERE: forged", "down\r\nSEVERE: forged", "down\rSEVERE: forged", "down\u0085SEVERE: forged",
                "down\u2028SEVERE: forged", "down\u2029SEVERE: forged", "down\u000bSEVERE: forged",
                        "down\u000cSEVERE: forged",
                "down \t\n SEVERE: forged", "down\u00a0SEVERE: forged", "down\u3000SEVERE: forged",
                        "\ndown SEVERE: forged\n"
            })
    void staysOnOneLine(String text) {
        assertThat(ForeignText.line(text)).isEqualTo("down SEVERE: forged");
        assertThat(new GenAiException(FailureCategory.SERVER, text)).hasMessage("down SEVERE: forged");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\u001b[31mb",
                "a\u001b[1;31;40mb",
                "a\u001b[2J\u001b[Hb",
                "a\u001b]0;title\u0007b",
                "a\u001b]8;;http://x\u001b\\b",
                "a\u009b31mb",
                "a\u001bcb",
                "a\u200bb",
                "a\u202eb",
                "a\u2066b\u2069",
                "a\u00adb",
                "a\ufeffb",
                "a\u061cb",
                "a\u3164b",
                "a\ufe0fb",
                "a\udb40\udd00b",
                "a\udb40\udc41b",
                "a\u2060b",
                "a\u034fb"
            })
    void holdsNothingThatCannotBeSeen(String text) {
        assertThat(ForeignText.line(text)).isEqualTo("ab");
        assertThat(ForeignText.lines(text, 10)).isEqualTo("ab");
    }

    /** An operating system command without its end must not swallow what follows it. */
    @ParameterizedTest
    @CsvSource({
        "'\u001b]0;the rest is seen', '0;the rest is seen'",
        "'\u001b[', ''",
        "'\u001b', ''",
        "'a\u001b\nb', 'a b'"
    })
    void hidesNothingBehindASequenceWithoutEnd(String text, String shown) {
        assertThat(ForeignText.line(text)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Grüße, 世界 😀 é e\u0301", "plain ASCII ~", "", "x"})
    void keepsWhatPeopleWrite(String text) {
        assertThat(ForeignText.line(text)).isEqualTo(text);
        assertThat(ForeignText.lines(text, 100)).isEqualTo(text);
    }

    @Test
    void replacesHalfCharacters() {
        assertThat(ForeignText.line("a\ud83db\ude00c\uffff")).isEqualTo("a\ufffdb\ufffdc\ufffd");
    }

    @Test
    void cutsLongTextBetweenCharactersAndTellsItsLength() {
        assertThat(ForeignText.line("x".repeat(30_000_000)))
                .isEqualTo("x".repeat(ForeignText.MOST) + "... (30000000 characters in all)");
        assertThat(ForeignText.line("😀".repeat(10), 5)).isEqualTo("😀😀... (20 characters in all)");
        assertThat(new GenAiException(FailureCategory.SERVER, "y".repeat(5_000)))
                .hasMessage("y".repeat(1_000) + "... (5000 characters in all)");
    }

    @Test
    void keepsTheLineBreaksOfWhatMayHaveThem() {
        assertThat(ForeignText.lines("File \"x.py\":\r\n\t  call(\u001b[1m)\u2028end\u0000\n", 100))
                .isEqualTo("File \"x.py\":\n\t  call()\nend \n");
    }

    @Test
    void leavesNullAlone() {
        assertThat(ForeignText.line(null)).isNull();
        assertThat(ForeignText.lines(null, 10)).isNull();
        assertThat(new GenAiException(FailureCategory.SERVER, null)).hasMessage(null);
    }

    /** Cleaning is done wherever foreign text passes, so that it may be done twice. */
    @ParameterizedTest
    @ValueSource(strings = {"a \n b", "\u001b[1m\u001b[", "x\u001b\u001b[31mc", " \u200b \u200b x"})
    void mayBeDoneTwice(String text) {
        String once = ForeignText.line(text);
        assertThat(ForeignText.line(once)).isEqualTo(once);
    }
}
