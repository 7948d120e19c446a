package org.genaiconnector.ra.connection;

import java.io.Serializable;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import org.genaiconnector.ra.http.Exchanges;
import org.genaiconnector.ra.http.Transport;
import org.genaiconnector.ra.http.TransportKind;

/** The configuration properties of the way to a backend: TLS, proxy, headers. */
public abstract class TransportConfiguration implements Serializable {
    private static final long serialVersionUID = 1L;

    /** They say where a request ends and what it contains, which only the HTTP client knows. */
    private static final Set<String> FRAMING =
            Set.of("content-length", "transfer-encoding", "content-type", "connection", "upgrade");

    private String trustStoreFile;
    private String trustStorePassword;
    private String keyStoreFile;
    private String keyStorePassword;

    private Boolean verifyHostName = true;

    private String proxyHost;

    private Integer proxyPort = 8080;

    private String proxyUser;
    private String proxyPassword;
    private String proxyExclusions;
    private String extraHeaders;
    private String userAgent = "genai-connector";
    private String transport = TransportKind.AUTO.name();

    TransportConfiguration() {}

    /**
     * All property values, for equality.
     *
     * @return values in a fixed order, nulls included
     */
    protected List<Object> configuration() {
        return transportProperties();
    }

    /**
     * The values of the properties of this class. Factories for which they are equal reach a backend in the same way.
     *
     * @return values in a fixed order, nulls included
     */
    protected final List<Object> transportProperties() {
        return new ArrayList<>(Arrays.asList(
                trustStoreFile,
                trustStorePassword,
                keyStoreFile,
                keyStorePassword,
                verifyHostName,
                proxyHost,
                proxyPort,
                proxyUser,
                proxyPassword,
                proxyExclusions,
                extraHeaders,
                userAgent,
                transport));
    }

    /**
     * The configuration in the form that the HTTP side uses.
     *
     * @param server where the way leads to
     * @param query of every request, encoded; empty for none
     * @return the way, with the headers of all requests
     * @throws PropertyException if one of these properties is wrong
     */
    protected final Transport transport(URI server, String query) throws PropertyException {
        Map<String, String> headers = headers();
        if (!PropertyChecks.isBlank(userAgent)) {
            PropertyChecks.requireHeaderValue("userAgent", userAgent);
            headers.putIfAbsent("User-Agent", userAgent);
        }
        return new Transport(
                tls(keyStoreFile),
                tls(null),
                !Boolean.FALSE.equals(verifyHostName),
                proxy(server),
                headers,
                query,
                transportKind(),
                true);
    }

    private TransportKind transportKind() throws PropertyException {
        TransportKind kind = TransportKind.named(transport)
                .orElseThrow(() -> new PropertyException(
                        "transport",
                        "must be one of " + Arrays.toString(TransportKind.values()) + ", but is " + transport));
        Optional<String> problem = Exchanges.problem(kind);
        if (problem.isPresent()) {
            throw new PropertyException(
                    "transport",
                    "is " + kind + ", but the application server has no Jersey Client that the adapter could use: "
                            + problem.get() + "; set it to AUTO or DIRECT");
        }
        return kind;
    }

    private Optional<SSLContext> tls(String ownCertificate) throws PropertyException {
        if (PropertyChecks.isBlank(trustStoreFile) && PropertyChecks.isBlank(ownCertificate)) {
            return Optional.empty();
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    PropertyChecks.isBlank(ownCertificate)
                            ? null
                            : new Store("keyStore", ownCertificate, keyStorePassword).keyManagers(),
                    PropertyChecks.isBlank(trustStoreFile)
                            ? null
                            : new Store("trustStore", trustStoreFile, trustStorePassword).trustManagers(),
                    null);
            return Optional.of(context);
        } catch (GeneralSecurityException e) {
            throw new PropertyException(
                    PropertyChecks.isBlank(ownCertificate) ? "trustStoreFile" : "keyStoreFile",
                    "cannot be used for TLS: " + e,
                    e);
        }
    }

    private Optional<Transport.Proxy> proxy(URI server) throws PropertyException {
        if (PropertyChecks.isBlank(proxyHost)) {
            return Optional.empty();
        }
        if (proxyPort == null || proxyPort < 1 || proxyPort > 65_535) {
            throw new PropertyException("proxyPort", "must be 1 to 65535, but is " + proxyPort);
        }
        return Transport.unlessExcluded(
                server,
                Objects.requireNonNullElse(proxyExclusions, ""),
                new Transport.Proxy(
                        proxyHost.strip(),
                        proxyPort,
                        Objects.requireNonNullElse(proxyUser, ""),
                        Objects.requireNonNullElse(proxyPassword, "")));
    }

    private Map<String, String> headers() throws PropertyException {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (PropertyChecks.isBlank(extraHeaders)) {
            return headers;
        }
        String[] pairs = extraHeaders.split(",");
        for (int i = 0; i < pairs.length; i++) {
            String pair = pairs[i].strip();
            int equals = pair.indexOf('=');
            String name = equals < 0 ? "" : pair.substring(0, equals).strip();
            if (!PropertyChecks.isHeaderName(name) || pair.chars().anyMatch(Character::isISOControl)) {
                throw new PropertyException(
                        "extraHeaders",
                        "must look like Name=value,Other=value, but part " + (i + 1) + " of it does not");
            }
            if (FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
                throw new PropertyException("extraHeaders", "must not contain " + name);
            }
            PropertyChecks.requireHeaderValue("extraHeaders", pair);
            headers.put(name, pair.substring(equals + 1).strip());
        }
        return headers;
    }

    /** Trust store file (PKCS12 or JKS) with the certificates to be trusted, in place of the JVM's. */
    public String getTrustStoreFile() {
        return trustStoreFile;
    }

    public void setTrustStoreFile(String trustStoreFile) {
        this.trustStoreFile = trustStoreFile;
    }

    /** Password of the trust store. */
    public String getTrustStorePassword() {
        return trustStorePassword;
    }

    public void setTrustStorePassword(String trustStorePassword) {
        this.trustStorePassword = trustStorePassword;
    }

    /** Key store file (PKCS12 or JKS) with the client certificate, for backends that require one. */
    public String getKeyStoreFile() {
        return keyStoreFile;
    }

    public void setKeyStoreFile(String keyStoreFile) {
        this.keyStoreFile = keyStoreFile;
    }

    /** Password of the key store and of the key in it. */
    public String getKeyStorePassword() {
        return keyStorePassword;
    }

    public void setKeyStorePassword(String keyStorePassword) {
        this.keyStorePassword = keyStorePassword;
    }

    /** Whether the backend's certificate must be for the host name in {@code serverUrl}. */
    public Boolean getVerifyHostName() {
        return verifyHostName;
    }

    public void setVerifyHostName(Boolean verifyHostName) {
        this.verifyHostName = verifyHostName;
    }

    /** Host of an HTTP proxy. */
    public String getProxyHost() {
        return proxyHost;
    }

    public void setProxyHost(String proxyHost) {
        this.proxyHost = proxyHost;
    }

    /** Port of the proxy. */
    public Integer getProxyPort() {
        return proxyPort;
    }

    public void setProxyPort(Integer proxyPort) {
        this.proxyPort = proxyPort;
    }

    /** User name at the proxy. */
    public String getProxyUser() {
        return proxyUser;
    }

    public void setProxyUser(String proxyUser) {
        this.proxyUser = proxyUser;
    }

    /** Password at the proxy. */
    public String getProxyPassword() {
        return proxyPassword;
    }

    public void setProxyPassword(String proxyPassword) {
        this.proxyPassword = proxyPassword;
    }

    /** Hosts that are reached without the proxy, separated by vertical bars; each may begin or end with an asterisk. */
    public String getProxyExclusions() {
        return proxyExclusions;
    }

    public void setProxyExclusions(String proxyExclusions) {
        this.proxyExclusions = proxyExclusions;
    }

    /** Headers sent with every request, {@code Name=value,Other=value}. */
    public String getExtraHeaders() {
        return extraHeaders;
    }

    public void setExtraHeaders(String extraHeaders) {
        this.extraHeaders = extraHeaders;
    }

    /** Value of the {@code User-Agent} header. */
    public String getUserAgent() {
        return userAgent;
    }

    public void setUserAgent(String userAgent) {
        this.userAgent = userAgent;
    }

    /**
     * The HTTP client that makes the calls: {@code AUTO}, {@code JERSEY} (the application server's, which must have one) or {@code
     * DIRECT} (Apache HttpClient alone).
     */
    public String getTransport() {
        return transport;
    }

    public void setTransport(String transport) {
        this.transport = transport;
    }
}
