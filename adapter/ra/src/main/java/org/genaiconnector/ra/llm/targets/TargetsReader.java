package org.genaiconnector.ra.llm.targets;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.genaiconnector.GenAiException;

/** Reads a targets file from top to bottom. Each fault is one message with the place and the remedy. */
final class TargetsReader {
    /** Long enough to outlast a short burst, short enough for a user who waits. */
    private static final Duration USUAL_WAIT = Duration.ofSeconds(5);

    private static final long LONGEST_WAIT = Duration.ofHours(1).toMillis();
    private static final Pattern TARGET_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern MEMBER_NAME = Pattern.compile("[A-Za-z0-9_]+");
    private static final int LONGEST_MODEL = 200;
    private static final BigDecimal HOTTEST = BigDecimal.valueOf(100);

    /** Without them no request makes sense. */
    private static final Set<String> NEEDED_FIELDS = Set.of("messages", "input", "prompt", "stream", "model");

    private final List<Service> services;
    private final Path directory;

    /** @param directory of relative paths in the text */
    TargetsReader(List<Service> services, Path directory) {
        this.services = services;
        this.directory = directory;
    }

    Targets read(Place whole) throws GenAiException {
        Map<String, Place> members =
                whole.members("targets", "models", "defaultModel", "prices", "limits", "maxWaitMillis");
        Map<String, Target> targets = targets(required(whole, members, "targets"));
        Map<String, Route> routes =
                members.containsKey("models") ? new RoutesReader(targets).read(members.get("models")) : Map.of();
        PricesReader prices = new PricesReader(targets, directory);
        Map<String, Price> costs = prices.read(members.get("prices"));
        Targets withoutLimits = new Targets(
                targets,
                routes,
                Place.words(members.get("defaultModel")),
                costs,
                prices.currency(),
                List.of(),
                maxWait(members.get("maxWaitMillis")),
                prices.file());
        if (withoutLimits.defaultModel().isPresent()
                && withoutLimits.route(withoutLimits.defaultModel().get()).isEmpty()) {
            throw members.get("defaultModel")
                    .wrong("no target serves the model "
                            + Place.shown(withoutLimits.defaultModel().get()) + "; there are "
                            + String.join(", ", withoutLimits.models()));
        }
        return members.containsKey("limits")
                ? withoutLimits.with(new LimitsReader(withoutLimits).read(members.get("limits")))
                : withoutLimits;
    }

    private static Duration maxWait(Place place) throws GenAiException {
        return place == null ? USUAL_WAIT : Duration.ofMillis(place.whole(0, LONGEST_WAIT));
    }

    static Place required(Place owner, Map<String, Place> members, String name) throws GenAiException {
        Place found = members.get(name);
        if (found == null) {
            throw owner.wrong("needs the member " + name);
        }
        return found;
    }

    private Map<String, Target> targets(Place place) throws GenAiException {
        Map<String, Target> targets = new LinkedHashMap<>();
        for (Map.Entry<String, Place> entry : place.members().entrySet()) {
            if (!TARGET_NAME.matcher(entry.getKey()).matches()) {
                throw entry.getValue()
                        .wrong(
                                "a target's name has 1 to 64 letters, digits and . _ - and begins with a letter or digit");
            }
            targets.put(entry.getKey(), target(entry.getKey(), entry.getValue()));
        }
        if (targets.isEmpty()) {
            throw place.wrong("needs at least one target");
        }
        return targets;
    }

    private Target target(String name, Place place) throws GenAiException {
        Map<String, Place> members = place.members(
                "provider",
                "address",
                "credentials",
                "apiKeyFile",
                "apiKeyHeader",
                "tokenUrl",
                "clientId",
                "scope",
                "models",
                "defaults");
        Place provider = required(place, members, "provider");
        String wanted = provider.words().replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
        Service service = services.stream()
                .filter(one -> one.name().equals(wanted))
                .findFirst()
                .orElse(null);
        if (service == null) {
            throw provider.wrong("there is no provider " + Place.shown(wanted) + "; give one of "
                    + String.join(", ", services.stream().map(Service::name).toList()));
        }
        if (!service.hasAddress() && !members.containsKey("address")) {
            throw place.wrong("needs the member address: each customer of " + service.name() + " has another one");
        }
        Map<String, Place> defaults = members.containsKey("defaults")
                ? members.get("defaults").members("maxOutputTokens", "temperature", "omittedFields")
                : Map.of();
        Place temperature = defaults.get("temperature");
        return new Target(
                name,
                service.name(),
                Place.words(members.get("address")),
                authentication(place, members),
                models(members.get("models")),
                Place.whole(defaults.get("maxOutputTokens"), 1),
                temperature == null
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(
                                temperature.number(BigDecimal.ZERO, HOTTEST).doubleValue()),
                omitted(defaults.get("omittedFields")));
    }

    private Authentication authentication(Place place, Map<String, Place> members) throws GenAiException {
        Optional<String> credentials = Place.words(members.get("credentials"));
        boolean tokens = members.containsKey("tokenUrl");
        if (members.containsKey("apiKeyFile") && (credentials.isPresent() || tokens)) {
            throw members.get("apiKeyFile")
                    .wrong("a call has one kind of credentials; remove this, or credentials and tokenUrl");
        }
        if (tokens && members.containsKey("apiKeyHeader")) {
            throw members.get("apiKeyHeader")
                    .wrong("tokens are sent as Authorization: Bearer; remove this, or tokenUrl");
        }
        if (tokens && credentials.isEmpty()) {
            throw members.get("tokenUrl")
                    .wrong(
                            "needs the member credentials beside it: the name of the client's secret in serverCredentials");
        }
        for (String name : List.of("clientId", "scope")) {
            if (!tokens && members.containsKey(name)) {
                throw members.get(name).wrong("belongs to tokenUrl; add that, or remove this");
            }
        }
        return new Authentication(
                credentials,
                members.containsKey("apiKeyFile")
                        ? Optional.of(PricesReader.resolved(
                                directory, members.get("apiKeyFile").words()))
                        : Optional.empty(),
                Place.words(members.get("apiKeyHeader")),
                tokens
                        ? Optional.of(new Authentication.TokenEndpoint(
                                members.get("tokenUrl").words(),
                                required(place, members, "clientId").words(),
                                Place.words(members.get("scope"))))
                        : Optional.empty());
    }

    private static Map<String, OptionalLong> models(Place place) throws GenAiException {
        Map<String, OptionalLong> models = new LinkedHashMap<>();
        if (place == null) {
            return models;
        }
        if (place.isObject()) {
            for (Map.Entry<String, Place> entry : place.members().entrySet()) {
                requireModelName(entry.getValue(), entry.getKey());
                models.put(
                        entry.getKey(),
                        Place.longWhole(entry.getValue().members("context").get("context"), 1));
            }
        } else {
            for (Place item : place.items()) {
                requireModelName(item, item.words());
                if (models.put(item.words(), OptionalLong.empty()) != null) {
                    throw item.wrong("the model " + Place.shown(item.words()) + " is there twice; remove one");
                }
            }
        }
        if (models.isEmpty()) {
            throw place.wrong("is empty; list the target's models, or leave the member out if it takes any name");
        }
        return models;
    }

    static void requireModelName(Place place, String name) throws GenAiException {
        if (name.isBlank() || name.length() > LONGEST_MODEL || name.chars().anyMatch(Character::isISOControl)) {
            throw place.wrong("a model's name has 1 to " + LONGEST_MODEL + " visible characters");
        }
    }

    private static Set<String> omitted(Place place) throws GenAiException {
        Set<String> names = new LinkedHashSet<>();
        if (place == null) {
            return names;
        }
        for (Place item : place.items()) {
            String name = item.words();
            if (NEEDED_FIELDS.contains(name) || !MEMBER_NAME.matcher(name).matches()) {
                throw item.wrong(Place.shown(name) + " cannot be left out of requests");
            }
            names.add(name);
        }
        return names;
    }
}
