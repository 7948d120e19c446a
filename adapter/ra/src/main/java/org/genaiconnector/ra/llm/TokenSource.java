package org.genaiconnector.ra.llm;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.http.CircuitPolicy;
import org.genaiconnector.ra.http.Deadline;
import org.genaiconnector.ra.http.HttpAnswer;
import org.genaiconnector.ra.http.HttpBackend;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpSettings;
import org.genaiconnector.ra.http.Repeatable;
import org.genaiconnector.ra.http.RetryPolicy;
import org.genaiconnector.ra.http.Transport;
import org.genaiconnector.ra.json.JsonValues;
import org.genaiconnector.ra.statistics.StatisticsRecorder;

/**
 * The bearer tokens of a factory, which an OIDC provider gives for client credentials (RFC 6749, section 4.4; the client's secret
 * goes in the body, which Entra ID, Keycloak, Auth0 and Okta take). A token serves all connections until shortly before its
 * end. One thread at a time gets a new one; the others wait for it. All threads may use it.
 */
final class TokenSource extends CallCredentials {
    /** Of answers that do not say it; RFC 6749 recommends that they do. */
    private static final Duration USUAL_LIFETIME = Duration.ofMinutes(5);

    /** A token is renewed so long before its end, or a tenth of its lifetime if that is shorter. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration TURN = Duration.ofMillis(50);

    /** A failure counts for the calls that waited behind it, and a little longer, so that they do not wait one after the other. */
    private static final Duration REST = Duration.ofSeconds(2);

    private final Client client;
    private final HttpSettings settings;
    private final LongSupplier nanoTime;
    private final ReentrantLock fetching = new ReentrantLock(true);
    private volatile Token token;

    /** Null if the last answer was a token. Guarded by the lock. */
    private Failed failed;

    /**
     * Who asks where.
     *
     * @param property that has the endpoint, for messages
     * @param endpoint address of the token endpoint
     * @param scope empty for the client's default
     * @param others what a refusal of the client may be due to, for messages
     */
    record Client(String property, URI endpoint, String id, String secret, Optional<String> scope, String others) {
        /**
         * A token endpoint.
         *
         * @throws IllegalArgumentException if it cannot be one; the message goes on after its name
         */
        static URI endpoint(String text) {
            URI endpoint;
            try {
                endpoint = new URI(text.strip());
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException(
                        "is not an address: " + e.getReason() + " at position " + e.getIndex(), e);
            }
            if (!List.of("http", "https").contains(String.valueOf(endpoint.getScheme()))
                    || endpoint.getHost() == null
                    || endpoint.getUserInfo() != null) {
                throw new IllegalArgumentException(
                        "must be an address such as https://login.example/oauth2/token, without user");
            }
            return endpoint;
        }

        @Override
        public String toString() {
            return id + " at " + endpoint;
        }
    }

    private record Token(String value, long renewal, long end) {}

    private record Failed(GenAiException why, long at) {}

    /**
     * Gets nothing yet.
     *
     * @param transport the way to the endpoint
     * @param nanoTime clock in nanoseconds, such as {@link System#nanoTime()}
     */
    TokenSource(Client client, Duration connectTimeout, Transport transport, LongSupplier nanoTime) {
        this.client = client;
        this.settings = new HttpSettings(
                "The token endpoint (" + client.property() + ")",
                URI.create(client.endpoint().getScheme() + "://"
                        + client.endpoint().getRawAuthority()),
                connectTimeout,
                RESPONSE_TIMEOUT,
                CALL_TIMEOUT,
                new RetryPolicy(1, Duration.ofMillis(200)),
                new CircuitPolicy(0, Duration.ZERO),
                transport);
        this.nanoTime = nanoTime;
    }

    @Override
    Map<String, String> headers(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    @Override
    String secret(String refused) throws GenAiException {
        Token known = token;
        if (isGood(known, refused) && nanoTime.getAsLong() - known.renewal() < 0) {
            return known.value();
        }
        awaitTurn();
        try {
            known = token;
            if (isGood(known, refused) && nanoTime.getAsLong() - known.renewal() < 0) { // another thread got it
                return known.value();
            }
            return renewed(isGood(known, refused) ? known : null);
        } finally {
            fetching.unlock();
        }
    }

    private static boolean isGood(Token known, String refused) {
        return known != null && !known.value().equals(refused);
    }

    private void awaitTurn() throws GenAiException {
        Deadline deadline = Deadline.ofCall(CALL_TIMEOUT);
        Deadline longest = Deadline.in(CALL_TIMEOUT);
        try {
            while (!fetching.tryLock(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
                if (deadline.hasPassed()) {
                    throw new GenAiException(
                            longest.hasPassed() ? FailureCategory.UNAVAILABLE : FailureCategory.DEADLINE,
                            settings.name()
                                    + " has not given another call its token yet, and the time of this call is up");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GenAiException(FailureCategory.CANCELLED, "Interrupted while a token was awaited", e);
        }
    }

    /** A new token; the known one if that is still valid and the endpoint gives none. */
    private String renewed(Token known) throws GenAiException {
        try {
            Token fetched = fetchUnlessResting();
            token = fetched;
            return fetched.value();
        } catch (GenAiException e) {
            if (known == null || nanoTime.getAsLong() - known.end() >= 0) {
                throw e;
            }
            return known.value();
        }
    }

    private Token fetchUnlessResting() throws GenAiException {
        if (failed != null && nanoTime.getAsLong() - failed.at() < REST.toNanos()) {
            throw withoutToken(failed.why());
        }
        failed = null;
        try {
            return fetch();
        } catch (GenAiException e) {
            if (Deadline.ofCall(CALL_TIMEOUT).hasPassed()
                    || e.category() == FailureCategory.CANCELLED
                    || e.category() == FailureCategory.CLOSED) { // which is this call's affair
                throw e;
            }
            failed = new Failed(e, nanoTime.getAsLong());
            throw withoutToken(e);
        }
    }

    /** Without a token nothing is sent to the service: whatever went wrong, it has neither done nor billed the call. */
    private static GenAiException withoutToken(GenAiException why) {
        FailureCategory category = why.category() == FailureCategory.AUTHENTICATION
                ? FailureCategory.AUTHENTICATION
                : FailureCategory.UNAVAILABLE;
        return new GenAiException(
                category,
                why.getMessage(),
                why,
                category == FailureCategory.UNAVAILABLE,
                why.retryAfter().orElse(null),
                null,
                null);
    }

    /** The client exists for this one call: there is one in an hour, and nothing has to be closed when the adapter stops. */
    private Token fetch() throws GenAiException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        form.put("client_id", client.id());
        form.put("client_secret", client.secret());
        client.scope().ifPresent(scope -> form.put("scope", scope));
        byte[] body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"))
                .getBytes(StandardCharsets.US_ASCII);
        try (HttpBackend endpoint = new HttpBackend(settings, this::refusal, new StatisticsRecorder("tokens"))) {
            HttpCall call = new HttpCall(
                    "POST",
                    endpoint.resource(client.endpoint().getRawPath()),
                    Map.of("Accept", "application/json"),
                    new HttpCall.Bytes("application/x-www-form-urlencoded", body),
                    Repeatable.ALWAYS);
            return endpoint.connect(Map.of(), List.of(client.secret())).call(call, this::read);
        }
    }

    private Token read(HttpAnswer answer) throws GenAiException {
        JsonObject body = answer.jsonObject();
        String value = JsonValues.string(body, "access_token");
        if (!value.matches("[\\x21-\\x7e]+")) {
            throw answer.failure(
                    FailureCategory.PROTOCOL, "answered without an access_token that a header can carry", null);
        }
        long now = nanoTime.getAsLong();
        Duration lifetime = lifetime(body);
        Duration tenth = lifetime.dividedBy(10);
        Duration margin = tenth.compareTo(MARGIN) < 0 ? tenth : MARGIN;
        return new Token(value, now + lifetime.minus(margin).toNanos(), now + lifetime.toNanos());
    }

    private static Duration lifetime(JsonObject body) {
        String text = body.get("expires_in") instanceof JsonNumber number
                ? number.bigDecimalValue().toBigInteger().toString()
                : body.get("expires_in") instanceof JsonString string ? string.getString() : "";
        return text.matches("\\d{1,9}") ? Duration.ofSeconds(Long.parseLong(text)) : USUAL_LIFETIME;
    }

    private GenAiException refusal(HttpAnswer answer) {
        Optional<JsonObject> body = answer.jsonObjectIfAny();
        String words = body.flatMap(error ->
                        JsonValues.nonEmpty(error, "error_description").or(() -> JsonValues.nonEmpty(error, "error")))
                .orElseGet(answer::excerpt);
        int status = answer.status();
        if (status == 400 || status == 401 || status == 403) {
            return new GenAiException(
                    FailureCategory.AUTHENTICATION,
                    settings.name() + " refuses the client " + client.id() + ": "
                            + answer.secrets().shown(words)
                            + " -- check " + client.others());
        }
        return answer.failure(LlmCategories.of(status, "", words), answer.refusal(words), null);
    }
}
