package org.genaiconnector.ra.llm.targets;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.genaiconnector.GenAiException;

/** Reads prices: for a million tokens, each with the day and the page that it is from, so that old ones are noticed. */
final class PricesReader {
    private static final BigDecimal HIGHEST = BigDecimal.valueOf(10_000);

    private final Map<String, Target> targets;
    private String currency = "USD";

    PricesReader(Map<String, Target> targets) {
        this.targets = targets;
    }

    /** Of what was read last. */
    String currency() {
        return currency;
    }

    /** @param place null for no prices */
    Map<String, Price> read(Place place) throws GenAiException {
        Map<String, Price> prices = new LinkedHashMap<>();
        if (place == null) {
            return prices;
        }
        Map<String, Place> members = place.members("currency", "date", "source", "models");
        if (members.containsKey("currency")) {
            currency = members.get("currency").words();
            if (!currency.matches("[A-Z]{3}")) {
                throw members.get("currency").wrong("must be a code of three letters, such as USD");
            }
        }
        for (Map.Entry<String, Place> entry :
                TargetsReader.required(place, members, "models").members().entrySet()) {
            requireCandidate(entry.getKey(), entry.getValue());
            prices.put(entry.getKey(), price(entry.getValue(), members));
        }
        return prices;
    }

    private void requireCandidate(String name, Place place) throws GenAiException {
        int slash = name.indexOf('/');
        Target target = slash < 0 ? null : targets.get(name.substring(0, slash));
        if (target == null || !target.serves(name.substring(slash + 1))) {
            throw place.wrong("is no TARGET/MODEL of this file; "
                    + (target == null
                            ? "its targets are " + String.join(", ", targets.keySet())
                            : target.name() + " has "
                                    + String.join(", ", target.models().keySet())));
        }
    }

    private static Price price(Place place, Map<String, Place> common) throws GenAiException {
        Map<String, Place> members = place.members("input", "output", "cachedInput", "cacheWrite", "date", "source");
        Place date = members.getOrDefault("date", common.get("date"));
        Place source = members.getOrDefault("source", common.get("source"));
        if (date == null || source == null) {
            throw place.wrong(
                    "needs date and source, here or beside models: the day and the page that the price is from");
        }
        source.words();
        try {
            LocalDate.parse(date.words());
        } catch (DateTimeParseException e) {
            throw date.wrong("must be a day such as 2026-11-30");
        }
        BigDecimal input = amount(TargetsReader.required(place, members, "input"));
        return new Price(
                input,
                amount(TargetsReader.required(place, members, "output")),
                members.containsKey("cachedInput") ? amount(members.get("cachedInput")) : input,
                members.containsKey("cacheWrite") ? amount(members.get("cacheWrite")) : input);
    }

    private static BigDecimal amount(Place place) throws GenAiException {
        return place.number(BigDecimal.ZERO, HIGHEST);
    }
}
