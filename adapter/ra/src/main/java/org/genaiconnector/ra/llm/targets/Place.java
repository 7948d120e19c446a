package org.genaiconnector.ra.llm.targets;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.ForeignText;
import org.genaiconnector.GenAiException;

/**
 * A value of a JSON text, and where it stands, so that every message names the place.
 *
 * @param text what it is a part of, the subject of messages: {@code The targets file /etc/targets.json}
 * @param path such as {@code models.fast.use[1]}; empty for the whole
 * @param value never null
 */
record Place(String text, String path, JsonValue value) {
    private static final int LONGEST_SHOWN = 60;

    /** The failure of a text that is wrong here. */
    GenAiException wrong(String problem) {
        String where = path.isEmpty() ? "its beginning" : path;
        return new GenAiException(FailureCategory.INVALID_REQUEST, text + " is wrong at " + where + ": " + problem);
    }

    private Place at(String name, JsonValue part) {
        return new Place(text, path.isEmpty() ? name : path + "." + name, part);
    }

    /** Text of the file, cut and cleaned for messages. */
    static String shown(String words) {
        return '"' + ForeignText.line(words, LONGEST_SHOWN) + '"';
    }

    boolean isObject() {
        return value instanceof JsonObject;
    }

    boolean isArray() {
        return value instanceof JsonArray;
    }

    boolean isText() {
        return value instanceof JsonString;
    }

    /** All members of an object, in their order. */
    Map<String, Place> members() throws GenAiException {
        if (!(value instanceof JsonObject object)) {
            throw wrong("must be an object, {...}");
        }
        Map<String, Place> members = new LinkedHashMap<>();
        object.forEach((name, part) -> members.put(name, at(ForeignText.line(name, LONGEST_SHOWN), part)));
        return members;
    }

    /** The members of an object that may have only these, so that a misspelt one is found. */
    Map<String, Place> members(String... allowed) throws GenAiException {
        Map<String, Place> members = members();
        for (String name : members.keySet()) {
            if (!Set.of(allowed).contains(name)) {
                throw wrong("has the unknown member " + shown(name) + "; there are only " + String.join(", ", allowed));
            }
        }
        return members;
    }

    List<Place> items() throws GenAiException {
        if (!(value instanceof JsonArray array)) {
            throw wrong("must be a list, [...]");
        }
        List<Place> items = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            items.add(new Place(text, path + "[" + i + "]", array.get(i)));
        }
        return items;
    }

    /** The items of a list, or the value itself as the only one. */
    List<Place> itemOrItems() throws GenAiException {
        return isArray() ? items() : List.of(this);
    }

    /** A text that is not blank. */
    String words() throws GenAiException {
        if (!(value instanceof JsonString string) || string.getString().isBlank()) {
            throw wrong("must be a text in quotation marks that is not blank");
        }
        return string.getString().strip();
    }

    boolean flag() throws GenAiException {
        if (value == JsonValue.TRUE || value == JsonValue.FALSE) {
            return value == JsonValue.TRUE;
        }
        throw wrong("must be true or false");
    }

    /**
     * A number in a range, ends included.
     *
     * @param remedy end of the message; may be empty
     */
    BigDecimal number(BigDecimal least, BigDecimal most, String remedy) throws GenAiException {
        if (!(value instanceof JsonNumber number)
                || number.bigDecimalValue().compareTo(least) < 0
                || number.bigDecimalValue().compareTo(most) > 0) {
            throw wrong("must be a number from " + least.toPlainString() + " to " + most.toPlainString() + remedy);
        }
        return number.bigDecimalValue();
    }

    BigDecimal number(BigDecimal least, BigDecimal most) throws GenAiException {
        return number(least, most, "");
    }

    /** A whole number in a range, ends included. */
    long whole(long least, long most, String remedy) throws GenAiException {
        BigDecimal number = number(BigDecimal.valueOf(least), BigDecimal.valueOf(most), remedy);
        if (number.stripTrailingZeros().scale() > 0) {
            throw wrong("must be a whole number" + remedy);
        }
        return number.longValueExact();
    }

    long whole(long least, long most) throws GenAiException {
        return whole(least, most, "");
    }

    // ---- members that may be absent

    static Optional<String> words(Place place) throws GenAiException {
        return place == null ? Optional.empty() : Optional.of(place.words());
    }

    static boolean flag(Place place) throws GenAiException {
        return place != null && place.flag();
    }

    static OptionalInt whole(Place place, int least) throws GenAiException {
        return place == null ? OptionalInt.empty() : OptionalInt.of((int) place.whole(least, Integer.MAX_VALUE));
    }

    static OptionalLong longWhole(Place place, long least) throws GenAiException {
        return place == null ? OptionalLong.empty() : OptionalLong.of(place.whole(least, Long.MAX_VALUE / 2));
    }
}
