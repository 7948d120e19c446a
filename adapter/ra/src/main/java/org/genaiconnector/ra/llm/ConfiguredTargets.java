package org.genaiconnector.ra.llm;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.genaiconnector.Credentials;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.connection.ApiKeyFile;
import org.genaiconnector.ra.connection.CredentialHeaders;
import org.genaiconnector.ra.connection.EndpointSettings;
import org.genaiconnector.ra.connection.PropertyChecks;
import org.genaiconnector.ra.connection.PropertyException;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.llm.targets.Authentication;
import org.genaiconnector.ra.llm.targets.Target;
import org.genaiconnector.ra.llm.targets.Targets;

/** The properties {@code targets} and {@code serverCredentials} of a factory, read and found right. All threads may use it. */
final class ConfiguredTargets {
    private final Map<String, Credentials> credentials;
    private final Tokens tokens;
    private final LiveTargets live;

    /** Makes the source of the tokens of one client. */
    @FunctionalInterface
    interface Tokens {
        CallCredentials of(TokenSource.Client client) throws PropertyException;
    }

    /**
     * Reads them.
     *
     * @param property path or text
     * @param credentials by name
     * @param tokens for targets with a token endpoint
     * @param onChange applies later changes of the file
     * @throws PropertyException if something is wrong
     */
    ConfiguredTargets(String property, Map<String, Credentials> credentials, Tokens tokens, LiveTargets.Change onChange)
            throws PropertyException {
        this.credentials = credentials;
        this.tokens = tokens;
        try {
            this.live = new LiveTargets(property, System::nanoTime, onChange);
        } catch (GenAiException e) {
            throw new PropertyException("targets", "cannot be used: " + e.getMessage(), e);
        }
        endpoints();
    }

    LiveTargets live() {
        return live;
    }

    List<EndpointSettings> endpoints() throws PropertyException {
        return endpoints(live.current());
    }

    /** One endpoint for each target, of its name. */
    List<EndpointSettings> endpoints(Targets targets) throws PropertyException {
        Set<String> unused = new TreeSet<>(credentials.keySet());
        List<EndpointSettings> endpoints = new ArrayList<>();
        for (Target target : targets.targets().values()) {
            target.credentials().ifPresent(unused::remove);
            String address = target.address()
                    .or(() -> Provider.valueOf(target.provider()).defaultUrl())
                    .orElseThrow();
            Optional<String> keyHeader = target.authentication().keyHeader();
            if (!keyHeader.map(PropertyChecks::isHeaderName).orElse(true)) {
                throw new PropertyException(
                        "targets",
                        "has something else than the name of a header at targets." + target.name() + ".apiKeyHeader");
            }
            Optional<Credentials> named = credentials(target);
            if (target.authentication().tokens().isPresent()) {
                client(target); // finds what is wrong
                named = Optional.empty(); // the secret is for the token endpoint alone
            }
            try {
                endpoints.add(EndpointSettings.named(target.name(), address, named, keyHeader));
            } catch (PropertyException e) {
                if (e.property().equals("serverCredentials")) {
                    throw e;
                }
                throw new PropertyException(
                        "targets",
                        "has a wrong address at targets." + target.name()
                                + ".address: it must be one such as https://host/v1, without user and fragment",
                        e);
            }
        }
        if (!unused.isEmpty()) {
            throw new PropertyException(
                    "serverCredentials", "has " + String.join(", ", unused) + ", which no target names in targets");
        }
        return List.copyOf(endpoints);
    }

    private Optional<Credentials> credentials(Target target) throws PropertyException {
        if (target.credentials().isEmpty()) {
            return Optional.empty();
        }
        Credentials own = credentials.get(target.credentials().get());
        if (own == null) {
            throw new PropertyException(
                    "serverCredentials",
                    "has no entry " + target.credentials().get() + ", which target " + target.name()
                            + " names as its credentials");
        }
        return Optional.of(own);
    }

    /** Who asks for the tokens of a target. */
    private TokenSource.Client client(Target target) throws PropertyException {
        Authentication.TokenEndpoint from = target.authentication().tokens().orElseThrow();
        String place = "targets." + target.name() + ".";
        URI endpoint;
        try {
            endpoint = TokenSource.Client.endpoint(from.url());
        } catch (IllegalArgumentException e) {
            throw new PropertyException(
                    "targets", "has a wrong address at " + place + "tokenUrl: it " + e.getMessage());
        }
        return new TokenSource.Client(
                place + "tokenUrl",
                endpoint,
                from.clientId(),
                credentials(target).orElseThrow().secret(),
                from.scope(),
                "clientId, credentials and scope at targets." + target.name());
    }

    /** Credentials of a target that change while connections exist. */
    private Optional<CallCredentials> changing(Target target, String usualHeader) {
        Authentication authentication = target.authentication();
        Provider provider = Provider.valueOf(target.provider());
        if (authentication.keyFile().isPresent()) {
            ApiKeyFile file = new ApiKeyFile(
                    "targets." + target.name() + ".apiKeyFile",
                    authentication.keyFile().get(),
                    System::nanoTime);
            String header = authentication.keyHeader().orElse(usualHeader);
            return Optional.of(new FileKey(file, key -> keyHeaders(key, header, provider)));
        }
        if (authentication.tokens().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(tokens.of(client(target)));
        } catch (PropertyException e) {
            throw new IllegalStateException(e); // the endpoints were found right before
        }
    }

    /** The headers that each connection to the provider has are sent anyway. */
    private static Map<String, String> keyHeaders(Optional<Credentials> key, String header, Provider provider) {
        Map<String, String> headers = new HashMap<>(CredentialHeaders.of(key, header, provider::headers));
        headers.keySet().removeAll(provider.headers(Optional.empty()).keySet());
        return headers;
    }

    /** The subject of messages about a target. */
    String title(EndpointSettings endpoint) {
        return title(live.current().targets().get(endpoint.name()));
    }

    private static String title(Target target) {
        return "Target " + target.name() + " (" + target.provider() + ")";
    }

    /**
     * The service of a target.
     *
     * @param http made for {@link #title}
     * @param usual settings where the target says nothing
     * @param keyHeader the same for the header of its key; null for the provider's
     */
    LlmService service(HttpBackend http, LlmSettings usual, String keyHeader) {
        Target target = live.current().targets().values().stream()
                .filter(one -> title(one).equals(http.settings().backend()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(http.settings().backend() + " is a target no longer"));
        Set<String> omitted = new HashSet<>(usual.omittedFields().configured());
        omitted.addAll(target.omittedFields());
        return LlmService.of(
                target.name(),
                Provider.valueOf(target.provider()),
                new LlmSettings(
                        Optional.empty(),
                        target.maxOutputTokens().isPresent() ? target.maxOutputTokens() : usual.maxOutputTokens(),
                        target.temperature().isPresent() ? target.temperature() : usual.temperature(),
                        usual.maxTokensField(),
                        new OmittedFields(omitted, usual.unsupportedFields()),
                        usual.unsupportedFields(),
                        usual.streamEndTimeout(),
                        usual.traceContent()),
                http,
                changing(target, keyHeader));
    }
}
