package org.genaiconnector.ra.llm.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.llm.TokenUsage;
import org.genaiconnector.ra.llm.limits.LimitRule;
import org.genaiconnector.ra.llm.limits.Measure;
import org.genaiconnector.ra.llm.limits.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an administrator writes into a targets file, rightly and wrongly. */
public class TargetsTest {
    public static final List<Service> SERVICES =
            List.of(new Service("OPENAI", true), new Service("AZURE", false), new Service("VLLM", true));

    private static final String WHOLE = """
            {"targets": {
               "openai": {"provider": "openai", "credentials": "OPENAI",
                          "models": {"gpt-4.1-mini": {"context": 128000}, "gpt-4.1": {"context": 1000000}}},
               "azure": {"provider": "AZURE", "address": "https://r.example/openai/v1", "credentials": "AZURE",
                         "models": ["gpt-4.1"], "defaults": {"maxOutputTokens": 900, "temperature": 0.5, "omittedFields": ["seed"]}},
               "gpu": {"provider": "vllm", "models": ["vendor/llama"]}},
             "models": {
               "fast": ["gpu/vendor/llama", "openai/gpt-4.1-mini"],
               "best": {"strategy": "leastBusy", "larger": true, "afterTimeout": false,
                        "use": [{"target": "azure", "model": "gpt-4.1", "weight": 3}, "openai/gpt-4.1", "fast"]}},
             "defaultModel": "fast",
             "prices": {"currency": "EUR", "date": "2026-11-30", "source": "https://example.com/pricing", "models": {
               "openai/gpt-4.1-mini": {"input": 0.4, "cachedInput": 0.1, "output": 1.6},
               "openai/gpt-4.1": {"input": 2, "output": 8}, "azure/gpt-4.1": {"input": 2, "output": 8},
               "gpu/vendor/llama": {"input": 0, "output": 0}}},
             "limits": [
               {"per": "target", "name": "azure", "requestsPerMinute": 60, "concurrentCalls": 4},
               {"per": "caller", "tokensPerMinute": 10000, "costPerDay": 1.5, "shadow": true}],
             "maxWaitMillis": 250}""";

    private static Targets read(String text) throws GenAiException {
        return TargetsSource.of(text).read(SERVICES);
    }

    @Test
    void readsAllThatAFileMaySay() throws Exception {
        Targets targets = read(WHOLE);

        assertThat(targets.targets()).containsOnlyKeys("openai", "azure", "gpu");
        Target azure = targets.targets().get("azure");
        assertThat(azure.address()).contains("https://r.example/openai/v1");
        assertThat(azure.maxOutputTokens()).hasValue(900);
        assertThat(azure.temperature()).hasValue(0.5);
        assertThat(azure.omittedFields()).containsExactly("seed");
        assertThat(targets.defaultModel()).contains("fast");
        assertThat(targets.currency()).isEqualTo("EUR");
        assertThat(targets.maxWait()).isEqualTo(Duration.ofMillis(250));
        assertThat(targets.limits())
                .extracting(LimitRule::scope, LimitRule::name, LimitRule::shadow)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Scope.TARGET, Optional.of("azure"), false),
                        org.assertj.core.groups.Tuple.tuple(Scope.CALLER, Optional.empty(), true));
        assertThat(targets.limits().get(1).most())
                .containsEntry(Measure.TOKENS_PER_MINUTE, 10_000L)
                .containsEntry(Measure.COST_PER_DAY, 1_500_000_000_000L);
    }

    @Test
    void theDocumentHasAFileThatCanBeRead() throws Exception {
        String page = Files.readString(Path.of("..", "..", "docs", "llm-targets.md"));
        int begin = page.indexOf("```json") + "```json".length();
        assertThat(read(page.substring(begin, page.indexOf("```", begin)).strip())
                        .route("best")
                        .orElseThrow()
                        .candidates())
                .hasSize(4);
    }

    @Test
    void modelsMayLeadToOthers() throws Exception {
        Route best = read(WHOLE).route("best").orElseThrow();

        assertThat(best.candidates())
                .containsExactly(
                        new Candidate("azure", "gpt-4.1", 3, OptionalLong.empty()),
                        new Candidate("openai", "gpt-4.1", 1, OptionalLong.of(1_000_000)),
                        new Candidate("gpu", "vendor/llama", 1, OptionalLong.empty()),
                        new Candidate("openai", "gpt-4.1-mini", 1, OptionalLong.of(128_000)));
        assertThat(best.strategy()).isEqualTo(Strategy.LEAST_BUSY);
        assertThat(best.larger()).isTrue();
        assertThat(best.afterTimeout()).isFalse();
    }

    @Test
    void realNamesLeadToAllTargetsThatHaveThem() throws Exception {
        Targets targets = read(WHOLE);
        assertThat(targets.route("gpt-4.1").orElseThrow().candidates())
                .extracting(Candidate::name)
                .containsExactly("openai/gpt-4.1", "azure/gpt-4.1");
        assertThat(targets.route("gpt-9")).isEmpty();
        assertThat(targets.models()).containsExactly("fast", "best", "gpt-4.1-mini", "gpt-4.1", "vendor/llama");
    }

    @Test
    void aTargetWithoutAListTakesAnyName() throws Exception {
        Targets targets = read("{\"targets\": {\"gpu\": {\"provider\": \"VLLM\"}}}");
        assertThat(targets.route("anything").orElseThrow().candidates())
                .containsExactly(new Candidate("gpu", "anything", 1, OptionalLong.empty()));
        assertThat(targets.maxWait()).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvSource({
        // input of which cached, written; output; cost
        "1000000, 0, 0, 0, 0.4",
        "1000000, 400000, 0, 0, 0.28",
        "1000000, 0, 500000, 0, 0.45",
        "0, 0, 0, 1000000, 1.6",
        "1, 0, 0, 0, 0.0000004",
        "10, 4, 2, 3, 0.0000078"
    })
    void costIsThatOfEachKindOfToken(long in, long cached, long written, long out, BigDecimal cost) {
        Price price =
                new Price(new BigDecimal("0.4"), new BigDecimal("1.6"), new BigDecimal("0.1"), new BigDecimal("0.5"));
        assertThat(price.cost(usage(in, out, cached, written)))
                .hasValue(cost.movePointRight(12).longValueExact());
    }

    private static TokenUsage usage(long in, long out, long cached, long written) {
        return new TokenUsage(
                OptionalLong.of(in),
                OptionalLong.of(out),
                OptionalLong.of(cached),
                OptionalLong.empty(),
                OptionalLong.of(written));
    }

    @Test
    void nonsenseHasNoCost() throws Exception {
        Price price = read(WHOLE)
                .price(new Candidate("openai", "gpt-4.1", 1, OptionalLong.empty()))
                .orElseThrow();
        assertThat(price.cost(TokenUsage.UNKNOWN)).isEmpty();
        assertThat(price.cost(usage(0, 0, 0, 0))).isEmpty();
        assertThat(price.cost(usage(999_999_999_999L, 1, 0, 0))).isEmpty();
        assertThat(price.cost(usage(10, 1, 11, 0))).isEmpty();
        assertThat(price.cost(Price.MOST_TOKENS, Price.MOST_TOKENS)).isPositive();
    }

    // ---- the file

    @Test
    void aChangedFileIsAnotherSource(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("targets.json"), WHOLE);
        TargetsSource before = TargetsSource.of(file.toString());
        assertThat(TargetsSource.of(" " + file + "\n")).isEqualTo(before);
        assertThat(before.read(SERVICES).defaultModel()).contains("fast");

        Files.writeString(file, WHOLE.replace("\"defaultModel\": \"fast\"", "\"defaultModel\": \"best\""));
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(2)));
        TargetsSource after = TargetsSource.of(file.toString());
        assertThat(after).isNotEqualTo(before);
        assertThat(after.read(SERVICES).defaultModel()).contains("best");
    }

    @Test
    void pricesMayHaveAFileOfTheirOwn(@TempDir Path directory) throws Exception {
        int begin = WHOLE.indexOf("{\"currency\"");
        int end = WHOLE.indexOf(",\n \"limits\"");
        Path prices = Files.writeString(directory.resolve("prices.json"), WHOLE.substring(begin, end));
        Path file = Files.writeString(
                directory.resolve("targets.json"),
                WHOLE.substring(0, begin) + "\"prices.json\"" + WHOLE.substring(end));
        Targets targets = TargetsSource.of(file.toString()).read(SERVICES);
        assertThat(targets.prices()).isEqualTo(read(WHOLE).prices());
        assertThat(targets.currency()).isEqualTo("EUR");
        assertThat(targets.areOutdated()).isFalse();

        Files.writeString(prices, "{\"models\": {}}");
        assertThat(targets.areOutdated()).isTrue();
        assertThatThrownBy(() -> TargetsSource.of(file.toString()).read(SERVICES))
                .isInstanceOf(GenAiException.class)
                .hasMessageContaining("at limits[1]: limits money, but prices.models has no price of");
        Files.writeString(prices, "{\"models\": {\"gpu/vendor/llama\": {\"input\": 0, \"output\": 0}}}");
        assertThatThrownBy(() -> TargetsSource.of(file.toString()).read(SERVICES))
                .isInstanceOf(GenAiException.class)
                .hasMessage("The price file " + prices
                        + " is wrong at models.gpu/vendor/llama: needs date and source, here or"
                        + " beside models: the day and the page that the price is from");
        Files.writeString(prices, "[");
        assertThatThrownBy(() -> TargetsSource.of(file.toString()).read(SERVICES))
                .isInstanceOf(GenAiException.class)
                .hasMessageStartingWith("The price file " + prices + " is not JSON: ");
        Files.delete(prices);
        assertThatThrownBy(targets::areOutdated)
                .isInstanceOf(GenAiException.class)
                .hasMessage("The price file " + prices + " cannot be read: there is no such file");
    }

    @Test
    void keyFilesAreBesideTheFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(
                directory.resolve("targets.json"),
                "{\"targets\": {\"gpu\": {\"provider\": \"VLLM\", \"apiKeyFile\": \"gpu.key\"}}}");
        assertThat(TargetsSource.of(file.toString())
                        .read(SERVICES)
                        .targets()
                        .get("gpu")
                        .authentication()
                        .keyFile())
                .hasValue(directory.resolve("gpu.key").toString());
    }

    @Test
    void messagesNameTheFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("targets.json"), "{\"targets\": {}}");
        assertThatThrownBy(() -> TargetsSource.of(file.toString()).read(SERVICES))
                .hasMessage("The targets file " + file + " is wrong at targets: needs at least one target");
        assertThatThrownBy(() -> TargetsSource.of(directory + "/none.json"))
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.NOT_FOUND))
                .hasMessage("The targets file " + directory + "/none.json cannot be read: there is no such file");
    }

    // ---- what is wrong

    private static Arguments fault(String from, String to, String message) {
        return Arguments.of(from, to, message);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("\"targets\": {", "\"servers\": {", "at its beginning: has the unknown member \"servers\""),
                fault("\"openai\": {", "\"open/ai\": {", "at targets.open/ai: a target's name has"),
                fault(
                        "\"provider\": \"openai\"",
                        "\"provider\": \"opnai\"",
                        "at targets.openai.provider: there is no provider"
                                + " \"OPNAI\"; give one of OPENAI, AZURE, VLLM"),
                fault("\"provider\": \"openai\", ", "", "at targets.openai: needs the member provider"),
                fault(
                        "\"address\": \"https://r.example/openai/v1\", ",
                        "",
                        "at targets.azure: needs the member address"),
                fault(
                        "\"credentials\": \"OPENAI\"",
                        "\"credentials\": \"OPENAI\", \"apiKeyFile\": \"/key\"",
                        "at targets.openai.apiKeyFile: a call has one kind of credentials"),
                fault(
                        "\"credentials\": \"OPENAI\"",
                        "\"credentials\": \"OPENAI\", \"tokenUrl\": \"https://login.example/token\"",
                        "at targets.openai: needs the member clientId"),
                fault(
                        "\"credentials\": \"OPENAI\"",
                        "\"clientId\": \"me\", \"tokenUrl\": \"https://login.example/token\"",
                        "at targets.openai.tokenUrl: needs the member credentials beside it"),
                fault(
                        "\"credentials\": \"OPENAI\"",
                        "\"credentials\": \"OPENAI\", \"scope\": \"all\"",
                        "at targets.openai.scope: belongs to tokenUrl"),
                fault(
                        "\"credentials\": \"OPENAI\"",
                        "\"credentials\": \"OPENAI\", \"clientId\": \"me\", \"tokenUrl\": \"https://l.example\","
                                + " \"apiKeyHeader\": \"X-Key\"",
                        "at targets.openai.apiKeyHeader: tokens are sent as Authorization: Bearer"),
                fault(
                        "\"context\": 128000",
                        "\"context\": 0",
                        "at targets.openai.models.gpt-4.1-mini.context: must be a number from 1"),
                fault("[\"gpt-4.1\"]", "[]", "at targets.azure.models: is empty; list"),
                fault("[\"gpt-4.1\"]", "[\"a\", \"a\"]", "at targets.azure.models[1]: the model \"a\" is there twice"),
                fault(
                        "[\"seed\"]",
                        "[\"messages\"]",
                        "at targets.azure.defaults.omittedFields[0]: \"messages\" cannot be left out"),
                fault(
                        "\"temperature\": 0.5",
                        "\"temperature\": -1",
                        "at targets.azure.defaults.temperature: must be a number from 0 to 100"),
                fault(
                        "\"gpu/vendor/llama\", ",
                        "\"gpx/vendor/llama\", ",
                        "at models.fast[0]: \"gpx/vendor/llama\" is neither TARGET/MODEL"
                                + " with one of the targets (openai, azure, gpu) nor another of the models (fast, best)"),
                fault(
                        "\"openai/gpt-4.1-mini\"]",
                        "\"openai/gpt-9\"]",
                        "at models.fast[1]: target openai does not serve \"gpt-9\"; it has"
                                + " gpt-4.1-mini, gpt-4.1; correct the name, or add it to targets.openai.models"),
                fault(
                        "\"openai/gpt-4.1-mini\"]",
                        "\"gpu/vendor/llama\"]",
                        "at models.fast[1]: gpu/vendor/llama is there twice"),
                fault("\"openai/gpt-4.1-mini\"]", "\"best\"]", "leads back to fast (fast -> best -> fast); remove one"),
                fault("\"openai/gpt-4.1-mini\"]", "\"fast\"]", "at models.fast[1]: leads back to fast (fast -> fast)"),
                fault(
                        "[\"gpu/vendor/llama\", \"openai/gpt-4.1-mini\"]",
                        "[]",
                        "at models.fast: is empty, so nobody serves \"fast\""),
                fault(
                        "\"fast\": [\"gpu",
                        "\"gpu/fast\": [\"gpu",
                        "at models.gpu/fast: a model cannot be called \"gpu/fast\""),
                fault(
                        "\"target\": \"azure\"",
                        "\"target\": \"asure\"",
                        "at models.best.use[0].target: there is no target \"asure\"; there"
                                + " are openai, azure, gpu"),
                fault(
                        "\"weight\": 3",
                        "\"weight\": 0",
                        "at models.best.use[0].weight: must be a number from 1 to 1000"),
                fault(
                        "leastBusy",
                        "random",
                        "at models.best.strategy: must be one of order, weight, leastBusy, lowestLatency"),
                fault("\"larger\": true", "\"larger\": \"yes\"", "at models.best.larger: must be true or false"),
                fault(
                        "\"defaultModel\": \"fast\"",
                        "\"defaultModel\": \"slow\"",
                        "at defaultModel: no target serves the model \"slow\"; there"
                                + " are fast, best, gpt-4.1-mini"),
                fault("\"EUR\"", "\"Euro\"", "at prices.currency: must be a code of three letters"),
                fault(
                        "\"date\": \"2026-11-30\"",
                        "\"date\": \"30.11.2026\"",
                        "at prices.date: must be a day such as 2026-11-30"),
                fault(
                        "\"source\": \"https://example.com/pricing\", ",
                        "",
                        "at prices.models.openai/gpt-4.1-mini: needs date and source"),
                fault(
                        "\"azure/gpt-4.1\": {\"input\"",
                        "\"azure/gpt-5\": {\"input\"",
                        "at prices.models.azure/gpt-5: is no TARGET/MODEL of the targets; azure has gpt-4.1"),
                fault(
                        "\"input\": 0.4",
                        "\"input\": -0.4",
                        "at prices.models.openai/gpt-4.1-mini.input: must be a number from 0 to 10000"),
                fault(
                        "\"azure/gpt-4.1\": {\"input\": 2, \"output\": 8},",
                        "",
                        "at limits[1]: limits money, but prices.models has no price"
                                + " of azure/gpt-4.1; add it (0 if it is free)"),
                fault(
                        "\"models\": [\"vendor/llama\"]",
                        "\"defaults\": {}",
                        "at limits[1]: limits money, but target gpu does not list its" + " models"),
                fault(
                        "\"requestsPerMinute\": 60",
                        "\"requestsPerMinute\": 0",
                        "at limits[0].requestsPerMinute: must be a number from 1 to"
                                + " 1000000000000000; without a limit leave it out"),
                fault(
                        "\"costPerDay\": 1.5",
                        "\"costPerDay\": 0",
                        "at limits[1].costPerDay: must be a number from 0.000001 to 9000000"),
                fault(
                        "\"requestsPerMinute\": 60",
                        "\"requestsPerMinute\": 1.5",
                        "at limits[0].requestsPerMinute: must be a whole number"),
                fault(
                        "\"per\": \"target\"",
                        "\"per\": \"user\"",
                        "at limits[0].per: must be one of target, model, key, application, caller"),
                fault(
                        "\"name\": \"azure\"",
                        "\"name\": \"asure\"",
                        "at limits[0].name: there is no target \"asure\"; there are openai"),
                fault(
                        "\"per\": \"target\", \"name\": \"azure\"",
                        "\"per\": \"key\", \"name\": \"K\"",
                        "at limits[0].name: there is no key \"K\";" + " there are OPENAI, AZURE"),
                fault(
                        "\"requestsPerMinute\": 60, \"concurrentCalls\": 4",
                        "\"shadow\": true",
                        "at limits[0]: limits nothing; give one of"),
                fault(
                        "\"per\": \"target\", \"name\": \"azure\"",
                        "\"per\": \"caller\"",
                        "at limits[1]: is the second limit per caller"),
                fault(
                        "\"maxWaitMillis\": 250",
                        "\"maxWaitMillis\": -1",
                        "at maxWaitMillis: must be a number from 0 to 3600000"),
                fault("{\"targets\"", "[{\"targets\"", "is not JSON: "),
                fault(WHOLE, "{\"targets\": []}", "at targets: must be an object, {...}"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void oneMessageNamesThePlaceAndTheRemedy(String from, String to, String message) {
        assertThat(WHOLE).contains(from);
        String text = WHOLE.replace(from, to);
        assertThatThrownBy(() -> new TargetsSource(null, text).read(SERVICES))
                .isInstanceOfSatisfying(
                        GenAiException.class, e -> assertThat(e.category()).isEqualTo(FailureCategory.INVALID_REQUEST))
                .hasMessageStartingWith("The text of targets is ")
                .hasMessageContaining(message);
    }
}
