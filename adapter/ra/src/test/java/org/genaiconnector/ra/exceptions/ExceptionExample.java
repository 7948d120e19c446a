package org.genaiconnector.ra.exceptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.DocumentSection;

/**
 * An exception that an application or administrator can see, and code that provokes it.
 *
 * @param type class of the exception that callers know
 * @param category of a {@link GenAiException}, null for others
 * @param message with {@code ...} for values
 * @param remedy what to do, Markdown
 * @param provoke throws it
 */
record ExceptionExample(
        Class<? extends Throwable> type,
        FailureCategory category,
        String message,
        String remedy,
        ThrowingCallable provoke) {

    static ExceptionExample of(
            Class<? extends Throwable> type, String message, String remedy, ThrowingCallable provoke) {
        return new ExceptionExample(type, null, message, remedy, provoke);
    }

    static ExceptionExample of(FailureCategory category, String message, String remedy, ThrowingCallable provoke) {
        return new ExceptionExample(GenAiException.class, category, message, remedy, provoke);
    }

    /** Provokes it, and compares it with what is listed. */
    void check() {
        Throwable thrown = catchThrowable(provoke);
        assertThat(thrown).isInstanceOf(type);
        assertThat(thrown.getMessage()).matches(Pattern.quote(message).replace("...", "\\E.+\\Q"));
        if (thrown instanceof GenAiException failure && category != null) {
            assertThat(failure.category()).isEqualTo(category);
        }
    }

    /** Compares a part of {@code docs/exceptions.md} with these examples. */
    static void assertDocumented(String part, List<ExceptionExample> examples) throws IOException {
        List<String> lines = new ArrayList<>(List.of("| exception | message | what to do |", "|---|---|---|"));
        for (ExceptionExample example : examples) {
            String type = "`" + example.type().getSimpleName() + "`";
            lines.add("| " + (example.category() == null ? type : type + " `" + example.category() + "`") + " | "
                    + example.message() + " | " + example.remedy() + " |");
        }
        new DocumentSection("exceptions.md", part).assertHas(lines);
    }

    /** The name of the test's run. */
    @Override
    public String toString() {
        return message;
    }
}
