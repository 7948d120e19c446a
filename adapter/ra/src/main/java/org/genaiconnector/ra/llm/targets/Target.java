package org.genaiconnector.ra.llm.targets;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A service, and as whom it is called.
 *
 * @param name unique
 * @param provider name of one of the adapter's providers
 * @param address empty for the provider's own
 * @param authentication as whom it is called
 * @param models as the service names them, each with the tokens of its context if that is said; empty if any name may be one
 * @param maxOutputTokens of requests that say nothing; empty for the factory's value
 * @param temperature of requests that say nothing; empty for the factory's value
 * @param omittedFields members that requests never have, in addition to the factory's
 */
public record Target(
        String name,
        String provider,
        Optional<String> address,
        Authentication authentication,
        Map<String, OptionalLong> models,
        OptionalInt maxOutputTokens,
        OptionalDouble temperature,
        Set<String> omittedFields) {

    /**
     * What its key is called.
     *
     * @return name of the credentials in the factory's property; empty for none
     */
    public Optional<String> credentials() {
        return authentication.credentials();
    }

    /**
     * Whether it has a model.
     *
     * @param model as the service names it
     * @return true if it is listed, or if no model is
     */
    public boolean serves(String model) {
        return models.isEmpty() || models.containsKey(model);
    }

    Candidate candidate(String model, int weight) {
        return new Candidate(name, model, weight, models.getOrDefault(model, OptionalLong.empty()));
    }
}
