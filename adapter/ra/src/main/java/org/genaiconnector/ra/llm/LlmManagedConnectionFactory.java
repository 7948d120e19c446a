package org.genaiconnector.ra.llm;

import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.TransactionSupport;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.connection.Backend;
import org.genaiconnector.ra.connection.BackendConnectionFactory;
import org.genaiconnector.ra.connection.EndpointSettings;
import org.genaiconnector.ra.connection.PropertyChecks;
import org.genaiconnector.ra.connection.PropertyException;
import org.genaiconnector.ra.http.HttpSettings;
import org.genaiconnector.ra.http.RetryPolicy;
import org.genaiconnector.ra.http.Transport;
import org.genaiconnector.ra.http.TransportKind;
import org.genaiconnector.ra.llm.limits.Limits;
import org.genaiconnector.ra.llm.targets.Targets;
import org.genaiconnector.ra.statistics.TargetFigures;

/** Managed connection factory for an LLM service. */
public class LlmManagedConnectionFactory extends BackendConnectionFactory<LlmOperations> implements TransactionSupport {
    private static final long serialVersionUID = 1L;

    private static final Set<String> NEEDED_FIELDS = Set.of("messages", "input", "prompt", "stream");

    private String provider = Provider.OPENAI.name();

    private String model;

    private Integer maxOutputTokens;

    private Double temperature;

    private String maxTokensField;

    private String omittedFields;
    private Boolean traceContent = false;

    private String unsupportedFields = UnsupportedFields.FAIL.name();

    private String tokenUrl;

    private String clientId;

    private String clientSecret;

    private String scope;

    private String targets;

    private String serverCredentials;

    private String limitStore;

    /** Null without targets, and until they are first needed. */
    private transient volatile ConfiguredTargets configuredTargets;

    private Duration streamEndTimeout = Duration.ofSeconds(3);

    /** Null without targets, and until the first connection. */
    private transient volatile TargetsBean targetsBean;

    /** Null inside an application server, where factories share them. */
    private transient Limits limits;

    /** A factory for OpenAI; every other property has the provider's default. */
    public LlmManagedConnectionFactory() {
        super(null, 60_000, 600_000);
    }

    @Override
    public Object createConnectionFactory(ConnectionManager connectionManager) {
        return new LlmConnectionFactoryImpl(this, connectionManager);
    }

    /**
     * {@code NoTransaction}, because an answer cannot be rolled back. The adapter's descriptor names the highest level of all its
     * factories.
     */
    @Override
    public TransactionSupportLevel getTransactionSupport() {
        return TransactionSupportLevel.NoTransaction;
    }

    @Override
    protected Backend<LlmOperations> newBackend() throws InvalidPropertyException {
        checkConfiguration();
        if (nonBlank(targets).isPresent()) {
            return targetsBackend();
        }
        Provider named = Provider.named(provider).orElseThrow();
        LlmSettings settings = settings();
        Optional<CallCredentials> tokens = tokens();
        return new LlmBackend(http -> LlmService.of("", named, settings, http, tokens), null);
    }

    private LlmBackend targetsBackend() throws InvalidPropertyException {
        ConfiguredTargets known = configuredTargets();
        Limits shared = limits();
        LlmSettings usual = settings();
        AtomicReference<LlmBackend> backend = new AtomicReference<>();
        UsageLedger ledger = new UsageLedger();
        Router router = new Router(
                known.live(),
                usual,
                shared,
                ledger,
                retryPolicy(),
                callTimeout(),
                candidate -> backend.get().open(candidate),
                System::nanoTime);
        shared.configure(known.live().current().limits());
        targetsBean = new TargetsBean(router, shared, ledger);
        show(known.live().current());
        backend.set(new LlmBackend(http -> known.service(http, usual, getApiKeyHeader()), router));
        return backend.get();
    }

    private void show(Targets current) {
        services()
                .ifPresent(services -> targetsBean.show(
                        services.shared(TargetFigures.class, statisticsName(), TargetFigures::new),
                        statisticsName(),
                        current));
    }

    private Limits limits() throws InvalidPropertyException {
        Optional<String> store = nonBlank(limitStore);
        return services().isPresent()
                ? FactoryLimits.shared(services().get(), targets.strip(), store)
                : ownLimits(store);
    }

    private synchronized Limits ownLimits(Optional<String> store) throws PropertyException {
        if (limits == null) {
            limits = FactoryLimits.own(store);
        }
        return limits;
    }

    private ConfiguredTargets configuredTargets() throws PropertyException {
        ConfiguredTargets known = configuredTargets;
        return known == null ? readTargets() : known;
    }

    private synchronized ConfiguredTargets readTargets() throws PropertyException {
        if (configuredTargets == null) {
            configuredTargets =
                    new ConfiguredTargets(targets, namedCredentials(serverCredentials), this::tokens, this::change);
        }
        return configuredTargets;
    }

    /** The targets file has changed. Targets that are as before keep their connections. */
    private void change(Targets before, Targets after) throws GenAiException {
        try {
            replaceEndpoints(
                    configuredTargets.endpoints(after),
                    endpoint -> after.targets()
                            .get(endpoint.name())
                            .equals(before.targets().get(endpoint.name())));
            limits().configure(after.limits());
            if (targetsBean != null) {
                show(after);
            }
        } catch (InvalidPropertyException e) {
            throw new GenAiException(FailureCategory.INVALID_REQUEST, e.getMessage(), e);
        }
    }

    @Override
    protected List<EndpointSettings> endpoints() throws PropertyException {
        return nonBlank(targets).isEmpty()
                ? super.endpoints()
                : configuredTargets().endpoints();
    }

    /** The router repeats calls to targets, at others first. */
    @Override
    protected HttpSettings settings(EndpointSettings endpoint) throws PropertyException {
        return nonBlank(targets).isEmpty()
                ? super.settings(endpoint)
                : httpSettings(configuredTargets().title(endpoint), endpoint).with(new RetryPolicy(0, Duration.ZERO));
    }

    /** A key of the factory would go to every target, also of another vendor. */
    private void requireNothingBesideTargets() throws InvalidPropertyException {
        if (nonBlank(getServerUrl()).isPresent()) {
            throw new PropertyException("serverUrl", "cannot stand beside targets, each of which has its own address");
        }
        if (ownCredentials().isPresent() || nonBlank(tokenUrl).isPresent()) {
            throw new PropertyException(
                    "targets",
                    "cannot stand beside apiKey, apiKeyFile, password and tokenUrl, since a key belongs to one service: put it"
                            + " into serverCredentials, and its name into the target's credentials");
        }
    }

    private void checkConfiguration() throws InvalidPropertyException {
        if (nonBlank(limitStore).isPresent() && nonBlank(targets).isEmpty()) {
            throw new PropertyException("limitStore", "belongs to targets, which have the limits");
        }
        if (nonBlank(targets).isPresent()) {
            requireNothingBesideTargets();
        } else if (nonBlank(serverCredentials).isPresent()) {
            throw new PropertyException("serverCredentials", "belongs to targets; without them set apiKey");
        }
        if (Provider.named(provider).isEmpty()) {
            throw new PropertyException(
                    "provider", "must be one of " + Arrays.toString(Provider.values()) + ", but is " + provider);
        }
        if (UnsupportedFields.named(unsupportedFields).isEmpty()) {
            throw new PropertyException(
                    "unsupportedFields",
                    "must be one of " + Arrays.toString(UnsupportedFields.values()) + ", but is " + unsupportedFields);
        }
        Provider named = Provider.named(provider).orElseThrow();
        if (nonBlank(maxTokensField).isPresent() && named.protocol() == Protocol.MESSAGES) {
            throw new PropertyException(
                    "maxTokensField", "has no meaning for " + named + ", whose protocol knows max_tokens only");
        }
        if (nonBlank(targets).isEmpty()
                && named.defaultUrl().isEmpty()
                && nonBlank(getServerUrl()).isEmpty()) {
            throw new PropertyException(
                    "serverUrl", "is required for " + named + ", where each customer has another one");
        }
        if (nonBlank(targets).isEmpty()
                && named == Provider.AZURE
                && address().getPath().contains("/deployments/")
                && !query().contains("api-version=")) {
            throw new PropertyException(
                    "serverUrl", "needs ?api-version= at its end, as every address of Azure with a deployment in it");
        }
        for (String field : omitted()) {
            if (NEEDED_FIELDS.contains(field)) {
                throw new PropertyException(
                        "omittedFields", "cannot leave out " + field + ", without which no request makes sense");
            }
            if (!field.matches("[A-Za-z0-9_]+")) {
                throw new PropertyException(
                        "omittedFields", "must be names of members, separated by commas, but has \"" + field + '"');
            }
        }
        if (maxOutputTokens != null) {
            PropertyChecks.atLeast("maxOutputTokens", maxOutputTokens, 0);
        }
        if (temperature != null && !(temperature >= 0)) { // NaN neither
            throw new PropertyException("temperature", "must be 0 or more, but is " + temperature);
        }
    }

    /** Where tokens come from; empty if keys are used. */
    private Optional<CallCredentials> tokens() throws InvalidPropertyException {
        if (nonBlank(tokenUrl).isEmpty()) {
            return Optional.empty();
        }
        if (ownCredentials().isPresent()) {
            throw new PropertyException(
                    "tokenUrl",
                    "cannot stand beside apiKey, apiKeyFile or password: a call has one kind of credentials");
        }
        URI endpoint;
        try {
            endpoint = TokenSource.Client.endpoint(tokenUrl);
        } catch (IllegalArgumentException e) {
            throw new PropertyException("tokenUrl", e.getMessage());
        }
        String id =
                nonBlank(clientId).orElseThrow(() -> new PropertyException("clientId", "is required with tokenUrl"));
        String secret = nonBlank(clientSecret)
                .orElseThrow(() -> new PropertyException("clientSecret", "is required with tokenUrl"));
        return Optional.of(tokens(new TokenSource.Client(
                "property tokenUrl",
                endpoint,
                id,
                secret,
                nonBlank(scope),
                "clientId, clientSecret and scope of the pool")));
    }

    private TokenSource tokens(TokenSource.Client client) throws PropertyException {
        URI endpoint = client.endpoint();
        Transport way = transport(endpoint, "");
        return new TokenSource(
                client,
                Duration.ofMillis(PropertyChecks.atLeast("connectTimeoutMillis", getConnectTimeoutMillis(), 1)),
                new Transport(
                        way.tls(),
                        way.tlsElsewhere(),
                        way.verifyHostName(),
                        way.proxy(),
                        Map.of(),
                        endpoint.getRawQuery() == null ? "" : endpoint.getRawQuery(),
                        TransportKind.DIRECT,
                        false),
                System::nanoTime);
    }

    private LlmSettings settings() {
        UnsupportedFields unsupported =
                UnsupportedFields.named(unsupportedFields).orElseThrow();
        return new LlmSettings(
                nonBlank(model),
                maxOutputTokens == null ? OptionalInt.empty() : OptionalInt.of(maxOutputTokens),
                temperature == null ? OptionalDouble.empty() : OptionalDouble.of(temperature),
                nonBlank(maxTokensField),
                new OmittedFields(omitted(), unsupported),
                unsupported,
                streamEndTimeout,
                Boolean.TRUE.equals(traceContent));
    }

    private Set<String> omitted() {
        return nonBlank(omittedFields)
                .map(names -> Set.copyOf(Arrays.asList(names.split("[\\s,]+"))))
                .orElse(Set.of());
    }

    private static Optional<String> nonBlank(String text) {
        return Optional.ofNullable(text).map(String::strip).filter(stripped -> !stripped.isEmpty());
    }

    @Override
    protected String productName() {
        return nonBlank(targets).isPresent() ? "LLM targets" : "LLM service (" + provider + ")";
    }

    @Override
    protected List<Object> configuration() {
        List<Object> values = super.configuration();
        values.addAll(Arrays.asList(
                provider,
                model,
                maxOutputTokens,
                temperature,
                maxTokensField,
                omittedFields,
                unsupportedFields,
                traceContent));
        values.addAll(Arrays.asList(tokenUrl, clientId, clientSecret, scope, targets, serverCredentials));
        values.add(limitStore);
        return values;
    }

    /** The provider's own address if none is configured. The getter does not return it, because consoles would store it. */
    @Override
    protected String effectiveUrl() {
        String configured = getServerUrl();
        return configured == null || configured.isBlank()
                ? Provider.named(provider).flatMap(Provider::defaultUrl).orElse(null)
                : configured;
    }

    /** Not a property of the pool: tests set a shorter time, to call before the first connection. */
    void setStreamEndTimeout(Duration streamEndTimeout) {
        this.streamEndTimeout = streamEndTimeout;
    }

    /** The service: {@code OPENAI}, {@code ANTHROPIC}, {@code LOCAL} or another name of {@link Provider}. */
    public String getProvider() {
        return provider;
    }

    public void setProvider(String provider) {
        this.provider = provider;
    }

    /** The model of requests that name none; null for the first one that a local service offers. */
    public String getModel() {
        return model;
    }

    public void setModel(String model) {
        this.model = model;
    }

    /** The output limit, in tokens, of requests that set none; null for the provider's default. */
    public Integer getMaxOutputTokens() {
        return maxOutputTokens;
    }

    public void setMaxOutputTokens(Integer maxOutputTokens) {
        this.maxOutputTokens = maxOutputTokens;
    }

    /** The temperature, 0 or more, of requests that set none; null for the provider's default. */
    public Double getTemperature() {
        return temperature;
    }

    public void setTemperature(Double temperature) {
        this.temperature = temperature;
    }

    /** The member of requests that carries the output limit; null for the provider's usual one. */
    public String getMaxTokensField() {
        return maxTokensField;
    }

    public void setMaxTokensField(String maxTokensField) {
        this.maxTokensField = maxTokensField;
    }

    /** Whether spans of OpenTelemetry have the words of requests and answers. */
    public Boolean getTraceContent() {
        return traceContent;
    }

    public void setTraceContent(Boolean traceContent) {
        this.traceContent = traceContent;
    }

    /** Names of members that requests never have, separated by commas; null for none. */
    public String getOmittedFields() {
        return omittedFields;
    }

    public void setOmittedFields(String omittedFields) {
        this.omittedFields = omittedFields;
    }

    /** What happens to options that the provider cannot express: {@code FAIL} or {@code DROP}. */
    public String getUnsupportedFields() {
        return unsupportedFields;
    }

    public void setUnsupportedFields(String unsupportedFields) {
        this.unsupportedFields = unsupportedFields;
    }

    /** Token endpoint of an OIDC provider, whose tokens are sent in place of a key; null for none. */
    public String getTokenUrl() {
        return tokenUrl;
    }

    public void setTokenUrl(String tokenUrl) {
        this.tokenUrl = tokenUrl;
    }

    /** Client at the token endpoint. */
    public String getClientId() {
        return clientId;
    }

    public void setClientId(String clientId) {
        this.clientId = clientId;
    }

    /** Secret of the client at the token endpoint. */
    public String getClientSecret() {
        return clientSecret;
    }

    public void setClientSecret(String clientSecret) {
        this.clientSecret = clientSecret;
    }

    /** Scope of the token; null for the client's default. */
    public String getScope() {
        return scope;
    }

    public void setScope(String scope) {
        this.scope = scope;
    }

    /** Several services with limits, budgets and prices: the path of a file, or its JSON text; null for one service. */
    public String getTargets() {
        return targets;
    }

    public void setTargets(String targets) {
        this.targets = targets;
    }

    /** Credentials of the targets by name, {@code OPENAI=key,AZURE=key}. */
    public String getServerCredentials() {
        return serverCredentials;
    }

    public void setServerCredentials(String serverCredentials) {
        this.serverCredentials = serverCredentials;
    }

    /** JNDI name of the DataSource in which limits are counted; null for the adapter's job store, {@code none} for memory. */
    public String getLimitStore() {
        return limitStore;
    }

    public void setLimitStore(String limitStore) {
        this.limitStore = limitStore;
    }
}
