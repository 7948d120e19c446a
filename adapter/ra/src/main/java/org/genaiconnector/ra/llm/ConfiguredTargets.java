package org.genaiconnector.ra.llm;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.genaiconnector.Credentials;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.connection.EndpointSettings;
import org.genaiconnector.ra.connection.PropertyException;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.llm.targets.Target;
import org.genaiconnector.ra.llm.targets.Targets;

/** The properties {@code targets} and {@code serverCredentials} of a factory, read and found right. All threads may use it. */
final class ConfiguredTargets {
    private final Map<String, Credentials> credentials;
    private final LiveTargets live;

    /**
     * Reads them.
     *
     * @param property path or text
     * @param credentials by name
     * @param onChange applies later changes of the file
     * @throws PropertyException if something is wrong
     */
    ConfiguredTargets(String property, Map<String, Credentials> credentials, LiveTargets.Change onChange)
            throws PropertyException {
        this.credentials = credentials;
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
            try {
                endpoints.add(EndpointSettings.named(target.name(), address, credentials(target)));
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
     */
    LlmService service(HttpBackend http, LlmSettings usual) {
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
                http);
    }
}
