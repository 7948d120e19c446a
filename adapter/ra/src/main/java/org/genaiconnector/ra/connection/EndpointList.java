package org.genaiconnector.ra.connection;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.genaiconnector.Credentials;

/**
 * The addresses in property {@code serverUrl}, separated by commas. Parts after vertical bars say more of an address: {@code
 * http://gpu1:8188|name=gpu1|weight=2|tags=gpu=24g;fp8|credentials=KEY1, http://gpu2:8188}. Messages name an address by its
 * position and show nothing that may be a secret.
 */
final class EndpointList {
    private static final String PROPERTY = "serverUrl";
    private static final String CREDENTIALS = "serverCredentials";

    /** A comma that begins no address belongs to the one before it. */
    private static final Pattern SEPARATOR = Pattern.compile("\\s*,\\s*(?=[A-Za-z][A-Za-z0-9+.-]*://)");

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/\\[\\]-]{0,99}");
    private static final Pattern TAG = Pattern.compile("[^\\s;|,]{1,100}");
    private static final List<String> PARTS = List.of("name", "weight", "tags", "credentials", "dialect");
    private static final Set<String> DIALECTS = Set.of("COMFYUI", "CLOUD");

    private final Map<String, Credentials> credentials;
    private final List<EndpointSettings> endpoints = new ArrayList<>();

    private EndpointList(Map<String, Credentials> credentials) {
        this.credentials = credentials;
    }

    /**
     * Whether a text has several addresses.
     *
     * @param text null for none
     */
    static boolean hasSeveral(String text) {
        return text != null && SEPARATOR.matcher(text).find();
    }

    /**
     * Reads the properties.
     *
     * @param text property {@code serverUrl}; null if it is missing
     * @param credentials property {@code serverCredentials}; null or blank for none
     * @return one or more
     * @throws PropertyException if any of it is wrong
     */
    static List<EndpointSettings> parse(String text, String credentials) throws PropertyException {
        EndpointList list = new EndpointList(credentials(credentials));
        String[] entries = text == null ? new String[] {""} : SEPARATOR.split(text.strip());
        for (int i = 0; i < entries.length; i++) {
            list.add(entries[i], entries.length == 1 ? "" : "address " + (i + 1));
        }
        list.requireNoOthersCredentials();
        return List.copyOf(list.endpoints);
    }

    /** @param position empty for the only one */
    private void add(String entry, String position) throws PropertyException {
        String[] parts = entry.split("\\|", -1);
        ServerUrl url = parsed(parts[0], position);
        Map<String, String> said = said(parts, position.isEmpty() ? "the address" : position);
        String name = said.containsKey("name") ? checked(said.get("name")) : EndpointSettings.nameOf(url.base());
        String where = (position.isEmpty() ? "the address" : position) + " (" + name + ")";
        EndpointSettings endpoint = new EndpointSettings(
                name,
                url.base(),
                url.query(),
                weight(said.get("weight"), where),
                tags(said.get("tags"), where),
                ownCredentials(said.get("credentials"), where),
                dialect(said.get("dialect"), where));
        requireNew(endpoint, where);
        endpoints.add(endpoint);
    }

    private static ServerUrl parsed(String address, String position) throws PropertyException {
        try {
            return ServerUrl.parse(address);
        } catch (PropertyException e) {
            if (position.isEmpty()) {
                throw e;
            }
            throw new PropertyException(
                    PROPERTY,
                    "is wrong in " + position + ", which "
                            + e.getMessage().substring(("Configuration property " + PROPERTY + " ").length())
                            + "; several addresses are separated by commas, and each begins with http:// or https://");
        }
    }

    private static Map<String, String> said(String[] parts, String where) throws PropertyException {
        Map<String, String> said = new TreeMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String part =
                    equals < 0 ? "" : parts[i].substring(0, equals).strip().toLowerCase(Locale.ROOT);
            if (!PARTS.contains(part)) {
                throw new PropertyException(
                        PROPERTY,
                        "has an unknown part after vertical bar " + i + " of " + where + ": there are only "
                                + String.join(", ", PARTS) + ", such as name=gpu1 or tags=gpu=24g;fp8");
            }
            if (said.put(part, parts[i].substring(equals + 1).strip()) != null) {
                throw new PropertyException(PROPERTY, "says the " + part + " of " + where + " twice");
            }
        }
        return said;
    }

    private static String checked(String name) throws PropertyException {
        if (!NAME.matcher(name).matches()) {
            throw new PropertyException(
                    PROPERTY,
                    "gives an address a name that is blank, longer than 100 characters, or has others than letters, digits"
                            + " and . _ - : /");
        }
        return name;
    }

    private static int weight(String text, String where) throws PropertyException {
        if (text == null) {
            return 1;
        }
        if (!text.matches("[1-9][0-9]{0,3}")) {
            throw new PropertyException(
                    PROPERTY, "has a weight of " + where + " that is not a whole number from 1 to 9999");
        }
        return Integer.parseInt(text);
    }

    private static Optional<String> dialect(String text, String where) throws PropertyException {
        if (text != null && !DIALECTS.contains(text)) {
            throw new PropertyException(PROPERTY, "has a dialect of " + where + " that is not COMFYUI or CLOUD");
        }
        return Optional.ofNullable(text);
    }

    private static Set<String> tags(String text, String where) throws PropertyException {
        Set<String> tags = new LinkedHashSet<>();
        if (text == null) {
            return tags;
        }
        for (String tag : text.split(";", -1)) {
            if (!TAG.matcher(tag.strip()).matches()) {
                throw new PropertyException(
                        PROPERTY,
                        "has tags of " + where
                                + " of which one is blank, or has white space in it; tags are separated by semicolons, such as"
                                + " tags=gpu=24g;fp8");
            }
            tags.add(tag.strip());
        }
        return tags;
    }

    /** The wanted name may be a secret at the wrong place, so it is not shown. */
    private Optional<Credentials> ownCredentials(String wanted, String where) throws PropertyException {
        if (wanted == null) {
            return Optional.empty();
        }
        Credentials found = credentials.get(wanted);
        if (found == null) {
            throw new PropertyException(
                    PROPERTY,
                    "wants credentials for " + where + " by a name that is not in " + CREDENTIALS + ", which has "
                            + (credentials.isEmpty() ? "none" : String.join(", ", credentials.keySet())));
        }
        return Optional.of(found);
    }

    private void requireNew(EndpointSettings endpoint, String where) throws PropertyException {
        for (int i = 0; i < endpoints.size(); i++) {
            EndpointSettings other = endpoints.get(i);
            if (place(other.server()).equals(place(endpoint.server()))) {
                throw new PropertyException(
                        PROPERTY,
                        "has the same address twice: " + where + " is that of address " + (i + 1) + " (" + other.name()
                                + ")");
            }
            if (other.name().equals(endpoint.name())) {
                throw new PropertyException(
                        PROPERTY, "has the same name twice: " + where + " has that of address " + (i + 1));
            }
        }
    }

    /** Equal for addresses that differ only in how they are written. */
    private static String place(URI server) {
        int usual = "https".equals(server.getScheme()) ? 443 : 80;
        int port = server.getPort() < 0 ? usual : server.getPort();
        return server.getHost().toLowerCase(Locale.ROOT) + ":" + port + server.getRawPath();
    }

    static Map<String, Credentials> credentials(String text) throws PropertyException {
        Map<String, Credentials> known = new TreeMap<>();
        if (PropertyChecks.isBlank(text)) {
            return known;
        }
        String[] entries = text.split(",");
        for (int i = 0; i < entries.length; i++) {
            int equals = entries[i].indexOf('=');
            String name = equals < 0 ? "" : entries[i].substring(0, equals).strip();
            String secret = equals < 0 ? "" : entries[i].substring(equals + 1).strip();
            if (!NAME.matcher(name).matches() || secret.isEmpty()) {
                throw new PropertyException(
                        CREDENTIALS,
                        "must look like KEY1=key,KEY2=user:password, but part " + (i + 1) + " of it does not");
            }
            PropertyChecks.requireHeaderValue(CREDENTIALS, secret);
            if (known.put(name, read(secret)) != null) {
                throw new PropertyException(CREDENTIALS, "has " + name + " twice");
            }
        }
        return known;
    }

    private static Credentials read(String secret) {
        int colon = secret.indexOf(':');
        return colon < 1
                ? Credentials.apiKey(secret)
                : new Credentials(secret.substring(0, colon), secret.substring(colon + 1));
    }

    /** Most probably a typing mistake, by which an address would get no credentials. */
    private void requireNoOthersCredentials() throws PropertyException {
        Set<Credentials> used = new HashSet<>();
        endpoints.forEach(endpoint -> endpoint.credentials().ifPresent(used::add));
        for (Map.Entry<String, Credentials> entry : credentials.entrySet()) {
            if (!used.contains(entry.getValue())) {
                throw new PropertyException(
                        CREDENTIALS,
                        "has " + entry.getKey() + ", which no address of " + PROPERTY + " names as its credentials");
            }
        }
    }
}
