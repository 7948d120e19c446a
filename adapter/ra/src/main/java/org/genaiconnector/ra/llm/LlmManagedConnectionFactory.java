package org.genaiconnector.ra.llm;

import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.TransactionSupport;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.genaiconnector.ra.connection.Backend;
import org.genaiconnector.ra.connection.BackendConnectionFactory;
import org.genaiconnector.ra.connection.PropertyChecks;
import org.genaiconnector.ra.connection.PropertyException;

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

    private String unsupportedFields = UnsupportedFields.FAIL.name();

    private Duration streamEndTimeout = Duration.ofSeconds(3);

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
        return new LlmBackend(Provider.named(provider).orElseThrow(), settings());
    }

    private void checkConfiguration() throws InvalidPropertyException {
        if (Provider.named(provider).isEmpty()) {
            throw new PropertyException(
                    "provider", "must be one of " + Arrays.toString(Provider.values()) + ", but is " + provider);
        }
        if (UnsupportedFields.named(unsupportedFields).isEmpty()) {
            throw new PropertyException(
                    "unsupportedFields",
                    "must be one of " + Arrays.toString(UnsupportedFields.values()) + ", but is " + unsupportedFields);
        }
        if (nonBlank(maxTokensField).isPresent() && Provider.named(provider).equals(Optional.of(Provider.ANTHROPIC))) {
            throw new PropertyException(
                    "maxTokensField", "has no meaning for ANTHROPIC, whose protocol knows max_tokens only");
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
                streamEndTimeout);
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
        return "LLM service (" + provider + ")";
    }

    @Override
    protected List<Object> configuration() {
        List<Object> values = super.configuration();
        values.addAll(Arrays.asList(
                provider, model, maxOutputTokens, temperature, maxTokensField, omittedFields, unsupportedFields));
        return values;
    }

    /** The provider's own address if none is configured. The getter does not return it, because consoles would store it. */
    @Override
    protected String effectiveUrl() {
        String configured = getServerUrl();
        return configured == null || configured.isBlank()
                ? Provider.named(provider).map(Provider::defaultUrl).orElse(null)
                : configured;
    }

    /** Not a property of the pool: tests set a shorter time, to call before the first connection. */
    void setStreamEndTimeout(Duration streamEndTimeout) {
        this.streamEndTimeout = streamEndTimeout;
    }

    /** The service's protocol: {@code OPENAI}, {@code ANTHROPIC} or {@code LOCAL}. */
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
}
