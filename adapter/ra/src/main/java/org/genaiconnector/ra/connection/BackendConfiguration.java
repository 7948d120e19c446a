package org.genaiconnector.ra.connection;

import jakarta.resource.spi.InvalidPropertyException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.genaiconnector.Credentials;
import org.genaiconnector.ra.http.CircuitPolicy;
import org.genaiconnector.ra.http.HttpSettings;
import org.genaiconnector.ra.http.RetryPolicy;

/**
 * The configuration properties that every backend has, a JavaBean of boxed types as containers want it. Setters take
 * anything and never fail, because a throwing setter leaves a pool of Payara unbound until restart; what is wrong is told
 * when the first connection is made. There are no constraints of Bean Validation either: Payara (6.2025.10) goes on to
 * refuse a pool that once broke one, also after it was corrected.
 */
public abstract class BackendConfiguration extends TransportConfiguration {
    private static final long serialVersionUID = 1L;

    private String serverUrl;
    private String user;
    private String password;
    private String apiKey;
    private String apiKeyFile;

    /** Made when first needed. */
    private transient volatile ApiKeyFile keyFile;

    private Integer connectTimeoutMillis = 5_000;

    private Integer responseTimeoutMillis;

    private Integer callTimeoutMillis;

    private Integer maxRetries = 3;

    private Integer retryDelayMillis = 1_000;

    private Boolean probeOnCreate = true;

    private Integer circuitFailures = 5;

    private Integer circuitOpenMillis = 5_000;

    private String poolName;
    private String apiKeyHeader;

    /**
     * The defaults in which backends differ.
     *
     * @param serverUrl null for none
     * @param responseTimeoutMillis longest silence
     * @param callTimeoutMillis longest call
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
                apiKeyHeader));
        return values;
    }

    /**
     * The credentials of this configuration: an API key, which may be in a file, or a password with or without a user.
     *
     * @return empty if there are none; may be others at the next call if they are in a file
     * @throws InvalidPropertyException if the file has never given a key that can be sent
     */
    protected final Optional<Credentials> ownCredentials() throws InvalidPropertyException {
        if (!isBlank(apiKeyFile)) {
            return Optional.of(keyFile().key());
        }
        if (!isBlank(apiKey)) {
            return Optional.of(key(apiKey));
        }
        if (isBlank(password)) {
            return Optional.empty();
        }
        return Optional.of(isBlank(user) ? key(password) : new Credentials(user, password));
    }

    /**
     * Credentials as they are at a later time: others if they come from the file of this configuration and it has changed.
     *
     * @param credentials as they are now
     * @return gives the same for ever, or the file's
     */
    protected final Supplier<Optional<Credentials>> present(Optional<Credentials> credentials) {
        Supplier<Optional<Credentials>> own = () -> {
            try {
                return ownCredentials();
            } catch (InvalidPropertyException e) { // the file has never been read: they are not from there
                return credentials;
            }
        };
        return !isBlank(apiKeyFile) && credentials.equals(own.get()) ? own : () -> credentials;
    }

    private ApiKeyFile keyFile() {
        ApiKeyFile known = keyFile;
        if (known == null) {
            synchronized (this) {
                known = keyFile;
                if (known == null) {
                    known = new ApiKeyFile(apiKeyFile.strip(), System::nanoTime);
                    keyFile = known;
                }
            }
        }
        return known;
    }

    /** Tells whether whoever asks the server is a user with a password rather than a bare key. */
    final boolean hasUser() {
        return !isBlank(user);
    }

    /** Keys are read from files, which end with a line feed. */
    private static Credentials key(String text) {
        return Credentials.apiKey(text.strip());
    }

    /** The configured name, or another if there is none. */
    final String poolNameOr(String other) {
        return isBlank(poolName) ? other : poolName;
    }

    /**
     * The configuration as the HTTP side wants it.
     *
     * @param backend for messages
     * @return not null
     * @throws InvalidPropertyException naming the wrong property and its value
     */
    protected final HttpSettings httpSettings(String backend) throws InvalidPropertyException {
        if (!isBlank(apiKeyHeader) && !isHeaderName(apiKeyHeader.strip())) {
            throw invalid("apiKeyHeader", "must be the name of a header, but is " + apiKeyHeader);
        }
        if (!isBlank(apiKey)) {
            requireHeaderValue("apiKey", apiKey.strip());
        } else if (!isBlank(password) && (isBlank(user) || !isBlank(apiKeyHeader))) {
            requireHeaderValue("password", isBlank(user) ? password.strip() : password);
        }
        return new HttpSettings(
                backend,
                server(),
                millis("connectTimeoutMillis", connectTimeoutMillis, 1),
                millis("responseTimeoutMillis", responseTimeoutMillis, 1),
                millis("callTimeoutMillis", callTimeoutMillis, 1),
                new RetryPolicy(atLeast("maxRetries", maxRetries, 0), millis("retryDelayMillis", retryDelayMillis, 0)),
                new CircuitPolicy(
                        atLeast("circuitFailures", circuitFailures, 0),
                        millis("circuitOpenMillis", circuitOpenMillis, 1)),
                transport(server(), query()));
    }

    /**
     * The server's address.
     *
     * @return without query and trailing slash
     * @throws InvalidPropertyException if {@code serverUrl} is missing or no http(s) address
     */
    protected final URI server() throws InvalidPropertyException {
        String url = urlParts()[0];
        while (url.endsWith("/")) {
            url = url.substring(0, url.length() - 1);
        }
        try {
            URI uri = new URI(url);
            new URI(url + "?" + query());
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getFragment() == null
                    && query().indexOf('#') < 0) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw invalid("serverUrl", "is not an address: " + e.getReason() + " at position " + e.getIndex());
        }
        throw invalid(
                "serverUrl",
                "must be an address such as http://host:8188, without user and fragment (credentials have properties of "
                        + "their own)");
    }

    /**
     * The parameters that every request to the server has, from {@code serverUrl}.
     *
     * @return encoded, without question mark; empty for none
     */
    protected final String query() {
        return urlParts()[1];
    }

    private String[] urlParts() {
        String url = effectiveUrl() == null ? "" : effectiveUrl().strip();
        int mark = url.indexOf('?');
        return mark < 0 ? new String[] {url, ""} : new String[] {url.substring(0, mark), url.substring(mark + 1)};
    }

    /**
     * The server's address, for those who cannot do anything about a wrong one.
     *
     * @return without trailing slash
     * @throws IllegalStateException if {@code serverUrl} is wrong
     */
    public final URI address() {
        try {
            return server();
        } catch (InvalidPropertyException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /**
     * The configured address, or what stands for it.
     *
     * @return null if there is none
     */
    protected String effectiveUrl() {
        return serverUrl;
    }

    /**
     * A configuration error.
     *
     * @param property its name
     * @param problem goes on the sentence; must not hold a secret
     * @return to be thrown
     */
    protected static InvalidPropertyException invalid(String property, String problem) {
        return invalid(property, problem, null);
    }

    static InvalidPropertyException invalid(String property, String problem, Throwable cause) {
        return new InvalidPropertyException("Configuration property " + property + " " + problem, cause);
    }

    private static Duration millis(String property, Integer value, int least) throws InvalidPropertyException {
        return Duration.ofMillis(atLeast(property, value, least));
    }

    /**
     * A number within its range.
     *
     * @param property its name
     * @param value as configured
     * @param least the range begins with it
     * @return the value
     * @throws InvalidPropertyException if it is out of the range, or missing
     */
    protected static int atLeast(String property, Integer value, int least) throws InvalidPropertyException {
        if (value == null || value < least) {
            throw invalid(property, "must be " + least + " or more, but is " + value);
        }
        return value;
    }

    /** Base address of the server. */
    public String getServerUrl() {
        return serverUrl;
    }

    public void setServerUrl(String serverUrl) {
        this.serverUrl = serverUrl;
    }

    /** User for HTTP basic authentication; absent, the passwords of the container's credentials are keys. */
    public String getUser() {
        return user;
    }

    public void setUser(String user) {
        this.user = user;
    }

    /** Password, or an API key where {@code user} is absent; masked in Payara's logs, unlike {@code apiKey}. */
    public String getPassword() {
        return password;
    }

    public void setPassword(String password) {
        this.password = password;
    }

    /** API key; wins over {@code password}. */
    public String getApiKey() {
        return apiKey;
    }

    public void setApiKey(String apiKey) {
        this.apiKey = apiKey;
    }

    /** File whose first line is the API key; read again when it changes. Wins over {@code apiKey} and {@code password}. */
    public String getApiKeyFile() {
        return apiKeyFile;
    }

    public void setApiKeyFile(String apiKeyFile) {
        this.apiKeyFile = apiKeyFile;
        keyFile = null;
    }

    /** Longest wait for TCP and TLS, in milliseconds, per attempt. */
    public Integer getConnectTimeoutMillis() {
        return connectTimeoutMillis;
    }

    public void setConnectTimeoutMillis(Integer connectTimeoutMillis) {
        this.connectTimeoutMillis = connectTimeoutMillis;
    }

    /** Longest silence while waiting for an answer or its next byte, in milliseconds. */
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

    /** Wait before the first repetition, in milliseconds; doubles for each further one. */
    public Integer getRetryDelayMillis() {
        return retryDelayMillis;
    }

    public void setRetryDelayMillis(Integer retryDelayMillis) {
        this.retryDelayMillis = retryDelayMillis;
    }

    /** Whether making a connection asks the server for a sign of life, which is what the console's Ping shows. */
    public Boolean getProbeOnCreate() {
        return probeOnCreate;
    }

    public void setProbeOnCreate(Boolean probeOnCreate) {
        this.probeOnCreate = probeOnCreate;
    }

    /** Failed attempts in a row after which calls fail at once for a while; 0 means never. */
    public Integer getCircuitFailures() {
        return circuitFailures;
    }

    public void setCircuitFailures(Integer circuitFailures) {
        this.circuitFailures = circuitFailures;
    }

    /** How long calls fail at once before one is let through, in milliseconds. */
    public Integer getCircuitOpenMillis() {
        return circuitOpenMillis;
    }

    public void setCircuitOpenMillis(Integer circuitOpenMillis) {
        this.circuitOpenMillis = circuitOpenMillis;
    }

    /** Name of the pool in the statistics; without it the server's address. */
    public String getPoolName() {
        return poolName;
    }

    public void setPoolName(String poolName) {
        this.poolName = poolName;
    }

    /** Header that carries the API key bare, instead of the server's usual one. */
    public String getApiKeyHeader() {
        return apiKeyHeader;
    }

    public void setApiKeyHeader(String apiKeyHeader) {
        this.apiKeyHeader = apiKeyHeader;
    }
}
