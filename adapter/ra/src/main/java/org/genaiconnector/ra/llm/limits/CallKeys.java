package org.genaiconnector.ra.llm.limits;

import java.util.Objects;

/**
 * What a call belongs to.
 *
 * @param target that it is made at
 * @param model as the application names it
 * @param key name of its credentials; empty if it has none
 * @param application empty if it is unknown
 * @param caller empty if it is unknown
 */
public record CallKeys(String target, String model, String key, String application, String caller) {

    public CallKeys {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(application, "application");
        Objects.requireNonNull(caller, "caller");
    }

    String of(Scope scope) {
        return switch (scope) {
            case TARGET -> target;
            case MODEL -> model;
            case KEY -> key;
            case APPLICATION -> application;
            case CALLER -> caller;
        };
    }
}
