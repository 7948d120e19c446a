package org.genaiconnector.ra.connection;

import jakarta.resource.spi.InvalidPropertyException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.genaiconnector.Credentials;
import org.genaiconnector.ra.http.CircuitPolicy;
import org.genaiconnector.ra.http.HttpSettings;
import org.genaiconnector.ra.http.RetryPolicy;

/**
 * The configuration properties that every backend has: a JavaBean of boxed types, as application servers require. Setters
 * accept any value, because a pool of Payara stays unbound until a restart if a setter throws; wrong values are reported when
 * the first connection is made. There are no Bean Validation constraints either: once a pool has violated one, Payara
 * (6.2025.10) refuses it even after it was corrected.
 */
public abstract class BackendConfiguration extends TransportConfiguration {
    private static final long serialVersionUID = 1L;

    private String serverUrl;
    private String user;
    private String password;
    private String apiKey;
    private String apiKeyFile;

    /** Null until first needed. */
    private transient volatile ConfiguredCredentials credentials;

    /** Null until first needed. */
    private transient volatile ReadEndpoints endpoints;

    /** The endpoints that two texts say. */
    private record ReadEndpoints(String addresses, String credentials, List<EndpointSettings> list) {
        boolean areOf(String currentAddresses, String currentCredentials) {
            return Objects.equals(addresses, currentAddresses) && Objects.equals(credentials, currentCredentials);
        }

        /** Does not show the rest: credentials. */
        @Override
        public String toString() {
            return "ReadEndpoints[" + list.size() + "]";
        }
    }

    private Integer connectTimeoutMillis = 5_000;
    private Integer responseTimeoutMillis;
    private Integer callTimeoutMillis;
    private Integer maxRetries = 3;
    private Integer retryDelayMillis = 1_000;
    private Boolean probeOnCreate = true;
    private Boolean tracePropagation = true;
    private Integer circuitFailures = 5;
    private Integer circuitOpenMillis = 5_000;
    private String poolName;
    private String apiKeyHeader;

    /**
     * The defaults in which backends differ.
     *
     * @param serverUrl null for none
     * @param responseTimeoutMillis longest wait for an answer or its next byte, in milliseconds
     * @param callTimeoutMillis longest call with all its attempts, in milliseconds
     */
    protected BackendConfiguration(String serverUrl, Integer responseTimeoutMillis, Integer callTimeoutMillis) {
        this.serverUrl = serverUrl;
        this.responseTimeoutMillis = responseTimeoutMillis;
        this.callTimeoutMillis = callTimeoutMillis;
    }

    @Override
    protected List<Object> configuration() {
        List<Object> values = super.configuration();
        values.addAll(Arrays.asList(
                serverUrl,
                user,
                password,
                apiKey,
                apiKeyFile,
                connectTimeoutMillis,
                responseTimeoutMillis,
                callTimeoutMillis,
                maxRetries,
                retryDelayMillis,
                probeOnCreate,
                circuitFailures,
                circuitOpenMillis,
                poolName,
                apiKeyHeader,
                tracePropagation));
        return values;
    }

    /**
     * The credentials of this configuration: an API key, which may be in a file, or a password with or without a user.
     *
     * @return empty if there are none; those in a file may change from call to call
     * @throws InvalidPropertyException if the file has never contained a key that can be sent
     */
    protected final Optional<Credentials> ownCredentials() throws InvalidPropertyException {
        return configured().current();
    }

    /**
     * Supplies the present value of credentials, which changes only for those in the file of this configuration.
     *
     * @param credentials as they are now
     * @return supplies the present credentials whenever it is called
     */
    protected final Supplier<Optional<Credentials>> present(Optional<Credentials> credentials) {
        return configured().follow(credentials);
    }

    private ConfiguredCredentials configured() {
        ConfiguredCredentials known = credentials;
        if (known == null) {
            synchronized (this) {
                known = credentials;
                if (known == null) {
                    known = new ConfiguredCredentials(user, password, apiKey, apiKeyFile);
                    credentials = known;
                }
            }
        }
        return known;
    }

    /** Whether credentials are a user and a password rather than a bare key. */
    final boolean hasUser() {
        return !PropertyChecks.isBlank(user);
    }

    /** The configured name, or another one if none is configured. */
    final String poolNameOr(String other) {
        return PropertyChecks.isBlank(poolName) ? other : poolName;
    }

    /**
     * The configuration in the form that the HTTP side uses.
     *
     * @param backend its name, for messages
     * @return checked values, of the first address
     * @throws PropertyException if one of these properties is wrong
     */
    protected final HttpSettings httpSettings(String backend) throws PropertyException {
        return httpSettings(backend, endpoints().get(0));
    }

    /**
     * The configuration in the form that the HTTP side uses.
     *
     * @param backend its name, for messages
     * @param endpoint one of {@link #endpoints()}
     * @return checked values
     * @throws PropertyException if one of these properties is wrong
     */
    protected final HttpSettings httpSettings(String backend, EndpointSettings endpoint) throws PropertyException {
        if (!PropertyChecks.isBlank(apiKeyHeader) && !PropertyChecks.isHeaderName(apiKeyHeader.strip())) {
            throw new PropertyException("apiKeyHeader", "must be the name of a header, but is " + apiKeyHeader);
        }
        if (!PropertyChecks.isBlank(apiKey)) {
            PropertyChecks.requireHeaderValue("apiKey", apiKey.strip());
        } else if (!PropertyChecks.isBlank(password)
                && (PropertyChecks.isBlank(user) || !PropertyChecks.isBlank(apiKeyHeader))) {
            PropertyChecks.requireHeaderValue("password", PropertyChecks.isBlank(user) ? password.strip() : password);
        }
        return new HttpSettings(
                backend,
                endpoint.server(),
                PropertyChecks.millis("connectTimeoutMillis", connectTimeoutMillis, 1),
                PropertyChecks.millis("responseTimeoutMillis", responseTimeoutMillis, 1),
                callTimeout(),
                retryPolicy(),
                new CircuitPolicy(
                        PropertyChecks.atLeast("circuitFailures", circuitFailures, 0),
                        PropertyChecks.millis("circuitOpenMillis", circuitOpenMillis, 1)),
                transport(endpoint.server(), endpoint.query()).traced(!Boolean.FALSE.equals(tracePropagation)));
    }

    /**
     * When and how calls are repeated.
     *
     * @return checked values
     * @throws PropertyException if one of them is wrong
     */
    protected final RetryPolicy retryPolicy() throws PropertyException {
        return new RetryPolicy(
                PropertyChecks.atLeast("maxRetries", maxRetries, 0),
                PropertyChecks.millis("retryDelayMillis", retryDelayMillis, 0));
    }

    /**
     * The longest time of a call with all its attempts.
     *
     * @return 1 millisecond or more
     * @throws PropertyException if it is wrong
     */
    protected final Duration callTimeout() throws PropertyException {
        return PropertyChecks.millis("callTimeoutMillis", callTimeoutMillis, 1);
    }

    /**
     * The addresses of the configuration.
     *
     * @return one or more, in its order
     * @throws PropertyException if {@code serverUrl} is missing or wrong
     */
    protected List<EndpointSettings> endpoints() throws PropertyException {
        String addresses = effectiveUrl();
        String secrets = endpointCredentials();
        ReadEndpoints known = endpoints;
        if (known == null || !known.areOf(addresses, secrets)) {
            known = new ReadEndpoints(
                    addresses,
                    secrets,
                    takesSeveralAddresses() ? EndpointList.parse(addresses, secrets) : onlyEndpoint(addresses));
            endpoints = known;
        }
        return known.list();
    }

    /**
     * Credentials by name.
     *
     * @param text as property {@code serverCredentials}; null or blank for none
     * @return in the order of their names
     * @throws PropertyException if the text has another form
     */
    protected static Map<String, Credentials> namedCredentials(String text) throws PropertyException {
        return EndpointList.credentials(text);
    }

    private static List<EndpointSettings> onlyEndpoint(String address) throws PropertyException {
        int query = address == null ? -1 : address.indexOf('?');
        if (EndpointList.hasSeveral(query < 0 ? address : address.substring(0, query))) {
            throw new PropertyException("serverUrl", "has several addresses, but takes only one");
        }
        return List.of(EndpointSettings.only(ServerUrl.parse(address)));
    }

    /** Whether {@code serverUrl} may have several addresses. */
    protected boolean takesSeveralAddresses() {
        return false;
    }

    /**
     * The credentials of single addresses.
     *
     * @return as property {@code serverCredentials}; null for none
     */
    protected String endpointCredentials() {
        return null;
    }

    /**
     * The backend's address; of several the first.
     *
     * @return without query and without slash at its end
     * @throws InvalidPropertyException if {@code serverUrl} is missing or not an http or https address
     */
    protected final URI server() throws InvalidPropertyException {
        return endpoints().get(0).server();
    }

    /**
     * The parameters that every request to the backend has, from {@code serverUrl}; of several addresses those of the first.
     *
     * @return encoded, without question mark; empty for none
     * @throws IllegalStateException if {@code serverUrl} is wrong
     */
    protected final String query() {
        return checkedEndpoint().query();
    }

    /**
     * The backend's address; of several the first.
     *
     * @return without query and without slash at its end
     * @throws IllegalStateException if {@code serverUrl} is wrong
     */
    public final URI address() {
        return checkedEndpoint().server();
    }

    private EndpointSettings checkedEndpoint() {
        try {
            return endpoints().get(0);
        } catch (InvalidPropertyException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /**
     * The configured address, or the one that counts if none is configured.
     *
     * @return null if there is none
     */
    protected String effectiveUrl() {
        return serverUrl;
    }

    /** Base address of the backend. */
    public String getServerUrl() {
        return serverUrl;
    }

    public void setServerUrl(String serverUrl) {
        this.serverUrl = serverUrl;
    }

    /** User for HTTP basic authentication; without it the passwords of the application server's credentials are keys. */
    public String getUser() {
        return user;
    }

    public void setUser(String user) {
        this.user = user;
        credentials = null;
    }

    /** Password, or an API key where {@code user} is absent; masked in Payara's logs, unlike {@code apiKey}. */
    public String getPassword() {
        return password;
    }

    public void setPassword(String password) {
        this.password = password;
        credentials = null;
    }

    /** API key; wins over {@code password}. */
    public String getApiKey() {
        return apiKey;
    }

    public void setApiKey(String apiKey) {
        this.apiKey = apiKey;
        credentials = null;
    }

    /** File whose first line is the API key; read again when it changes. Wins over {@code apiKey} and {@code password}. */
    public String getApiKeyFile() {
        return apiKeyFile;
    }

    public void setApiKeyFile(String apiKeyFile) {
        this.apiKeyFile = apiKeyFile;
        credentials = null;
    }

    /** Longest wait for TCP and TLS, in milliseconds, per attempt. */
    public Integer getConnectTimeoutMillis() {
        return connectTimeoutMillis;
    }

    public void setConnectTimeoutMillis(Integer connectTimeoutMillis) {
        this.connectTimeoutMillis = connectTimeoutMillis;
    }

    /** Longest wait for an answer or its next byte, in milliseconds. */
    public Integer getResponseTimeoutMillis() {
        return responseTimeoutMillis;
    }

    public void setResponseTimeoutMillis(Integer responseTimeoutMillis) {
        this.responseTimeoutMillis = responseTimeoutMillis;
    }

    /** Longest call with all its attempts, in milliseconds. */
    public Integer getCallTimeoutMillis() {
        return callTimeoutMillis;
    }

    public void setCallTimeoutMillis(Integer callTimeoutMillis) {
        this.callTimeoutMillis = callTimeoutMillis;
    }

    /** Attempts after the first; 0 means none. */
    public Integer getMaxRetries() {
        return maxRetries;
    }

    public void setMaxRetries(Integer maxRetries) {
        this.maxRetries = maxRetries;
    }

    /** Wait before the first repetition, in milliseconds; it doubles for each further one. */
    public Integer getRetryDelayMillis() {
        return retryDelayMillis;
    }

    public void setRetryDelayMillis(Integer retryDelayMillis) {
        this.retryDelayMillis = retryDelayMillis;
    }

    /** Whether a new connection first probes the backend, as the console's Ping does. */
    public Boolean getTracePropagation() {
        return tracePropagation;
    }

    public void setTracePropagation(Boolean tracePropagation) {
        this.tracePropagation = tracePropagation;
    }

    public Boolean getProbeOnCreate() {
        return probeOnCreate;
    }

    public void setProbeOnCreate(Boolean probeOnCreate) {
        this.probeOnCreate = probeOnCreate;
    }

    /** Failed attempts in a row that open the circuit: calls fail at once for a while; 0 means never. */
    public Integer getCircuitFailures() {
        return circuitFailures;
    }

    public void setCircuitFailures(Integer circuitFailures) {
        this.circuitFailures = circuitFailures;
    }

    /** How long the circuit stays open before one call is let through, in milliseconds. */
    public Integer getCircuitOpenMillis() {
        return circuitOpenMillis;
    }

    public void setCircuitOpenMillis(Integer circuitOpenMillis) {
        this.circuitOpenMillis = circuitOpenMillis;
    }

    /** Name of the pool in the statistics; without it they show the backend's address. */
    public String getPoolName() {
        return poolName;
    }

    public void setPoolName(String poolName) {
        this.poolName = poolName;
    }

    /** Header that carries the bare API key in place of the backend's usual header. */
    public String getApiKeyHeader() {
        return apiKeyHeader;
    }

    public void setApiKeyHeader(String apiKeyHeader) {
        this.apiKeyHeader = apiKeyHeader;
    }
}
