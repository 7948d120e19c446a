package org.genaiconnector.ra.llm.targets;

import jakarta.json.JsonException;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.json.LenientJson;
import org.genaiconnector.ra.util.WatchedFile;

/** Reads prices: for a million tokens, each with the day and the page that it is from, so that old ones are noticed. */
final class PricesReader {
    private static final String TITLE = "The price file";
    private static final BigDecimal HIGHEST = BigDecimal.valueOf(10_000);

    private final Map<String, Target> targets;
    private final Path directory;
    private String currency = "USD";
    private Optional<WatchedFile> file = Optional.empty();

    /** @param directory of relative paths */
    PricesReader(Map<String, Target> targets, Path directory) {
        this.targets = targets;
        this.directory = directory;
    }

    /** Of what was read last. */
    String currency() {
        return currency;
    }

    /** Where the prices were that were read last; empty if they were in the text itself. */
    Optional<WatchedFile> file() {
        return file;
    }

    /** @param place the prices, or the path of a file with them; null for no prices */
    Map<String, Price> read(Place place) throws GenAiException {
        if (place == null) {
            return Map.of();
        }
        return prices(place.isText() ? inFile(place.words()) : place);
    }

    private Place inFile(String path) throws GenAiException {
        WatchedFile found = WatchedFile.of(TITLE, resolved(directory, path));
        file = Optional.of(found);
        String name = TITLE + " " + found.path();
        try {
            return new Place(name, "", LenientJson.read(found.read()));
        } catch (JsonException e) {
            throw new GenAiException(FailureCategory.INVALID_REQUEST, name + " is not JSON: " + e.getMessage(), e);
        }
    }

    /** A path in a file of this directory. */
    static String resolved(Path directory, String path) {
        try {
            return directory.resolve(path).toString();
        } catch (InvalidPathException e) {
            return path; // which its reader refuses
        }
    }

    private Map<String, Price> prices(Place place) throws GenAiException {
        Map<String, Price> prices = new LinkedHashMap<>();
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
            throw place.wrong("is no TARGET/MODEL of the targets; "
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
