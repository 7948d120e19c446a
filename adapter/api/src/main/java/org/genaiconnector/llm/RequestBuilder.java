package org.genaiconnector.llm;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.Objects;

/**
 * What the builders of chats and completions have in common.
 *
 * @param <B> the builder
 */
abstract class RequestBuilder<B extends RequestBuilder<B>> extends OptionsBuilder<B> {
    private static final int LONGEST_CALLER = 200;

    String model;
    JsonObject extra = JsonValue.EMPTY_JSON_OBJECT;
    Duration timeout;
    String caller;

    RequestBuilder() {}

    /**
     * Sets the model.
     *
     * @param name null for the pool's configured model
     * @return this
     */
    public B model(String name) {
        model = name;
        return self();
    }

    /**
     * Adds members to the request unchanged, for features that this API does not cover.
     *
     * @param members win over members of the same names; JSON's null leaves a member out
     * @return this
     */
    public B extra(JsonObject members) {
        extra = merged(extra, members);
        return self();
    }

    /**
     * Adds a member to the request unchanged.
     *
     * @param name of the member, in the protocol of the service
     * @param value wins over a member of the same name; {@link JsonValue#NULL} leaves the member out
     * @return this
     */
    public B extra(String name, JsonValue value) {
        return extra(Json.createObjectBuilder().add(name, value).build());
    }

    /**
     * Sets the longest time that the call may take, with all its attempts and waits, and to the end of its stream.
     *
     * @param value not negative, zero fails at once; null for the pool's call timeout, which also caps it
     * @return this
     */
    public B timeout(Duration value) {
        timeout = notNegative(value);
        return self();
    }

    /**
     * Sets on whose behalf the call is made, for limits and statistics of factories with targets.
     *
     * @param value 1 to 200 characters, such as the name of a user; null for the user whom the
     *     application server has authenticated
     * @return this
     */
    public B caller(String value) {
        caller = checkedCaller(value);
        return self();
    }

    static String checkedCaller(String value) {
        if (value != null && (value.isBlank() || value.length() > LONGEST_CALLER)) {
            throw new IllegalArgumentException(
                    "A caller has 1 to " + LONGEST_CALLER + " characters: \"" + value + "\"");
        }
        return value;
    }

    static JsonObject merged(JsonObject some, JsonObject more) {
        Objects.requireNonNull(more, "members");
        return some.isEmpty()
                ? more
                : Json.createObjectBuilder(some)
                        .addAll(Json.createObjectBuilder(more))
                        .build();
    }

    static Duration notNegative(Duration timeout) {
        if (timeout != null && timeout.isNegative()) {
            throw new IllegalArgumentException("timeout must not be negative: " + timeout);
        }
        return timeout;
    }
}
