package org.genaiconnector.testkit.llm;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A tokenizer of about the grain of the real ones: short words whole, long ones in parts, signs one by one. */
final class Tokens {
    private static final Pattern TOKEN = Pattern.compile(" ?[\\p{L}\\p{M}]{1,6}| ?\\p{N}{1,3}|\\s+|.", Pattern.DOTALL);

    private Tokens() {}

    /** The tokens of a text; together they are the text. */
    static List<String> split(String text) {
        List<String> tokens = new ArrayList<>();
        for (Matcher matcher = TOKEN.matcher(text); matcher.find(); ) {
            tokens.add(matcher.group());
        }
        return tokens;
    }

    static int count(String text) {
        return split(text).size();
    }
}
