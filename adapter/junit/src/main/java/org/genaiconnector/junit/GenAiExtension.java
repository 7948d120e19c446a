package org.genaiconnector.junit;

import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.testkit.SimulatorExtension;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * JUnit extension that gives a test connection factories, the simulators behind them, and the adapter that they belong to.
 *
 * <p>Parameters of the test, of {@code @BeforeEach} and of {@code @AfterEach} may be a {@link ComfyUiConnectionFactory}, an
 * {@link LlmConnectionFactory}, a {@link TestAdapter}, and everything that {@link SimulatorExtension} gives. All
 * parameters of one test belong to the same adapter and the same simulators. Other tests have their own, so tests may
 * run at the same time. The extension closes adapter and simulators after the test, which fails if it has left a
 * connection open.
 *
 * <pre>{@code
 * class PainterTest {
 *     @GenAiTest
 *     void paints(ComfyUiConnectionFactory comfyUi, ComfyUiSimulator backend) { ... }
 * }
 *
 * class PatienceTest {
 *     @RegisterExtension // instead of @GenAiTest
 *     final GenAiExtension genAi = new GenAiExtension()
 *             .llm(builder -> builder.apiKeys("sk-test"))
 *             .llmProperties(Map.of("apiKey", "sk-test", "maxRetries", "0"));
 * }
 * }</pre>
 */
public final class GenAiExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(GenAiExtension.class);

    private final SimulatorExtension simulators = new SimulatorExtension();
    private Map<String, String> comfyUiProperties = Map.of();
    private Map<String, String> llmProperties = Map.of();

    /** With default simulators and factories. */
    public GenAiExtension() {
        // nothing chosen
    }

    /** Configures the ComfyUI simulator, as {@link SimulatorExtension#comfyUi(UnaryOperator)} does. */
    public GenAiExtension comfyUi(UnaryOperator<ComfyUiSimulator.Builder> choices) {
        simulators.comfyUi(choices);
        return this;
    }

    /** Configures the LLM simulator, as {@link SimulatorExtension#llm(UnaryOperator)} does. */
    public GenAiExtension llm(UnaryOperator<LlmSimulator.Builder> choices) {
        simulators.llm(choices);
        return this;
    }

    /**
     * Configures the ComfyUI factory.
     *
     * @param properties by their names, see {@link TestAdapter#comfyUi}; {@code serverUrl} is the simulator's unless
     *     set
     * @return this
     */
    public GenAiExtension comfyUiProperties(Map<String, String> properties) {
        comfyUiProperties = Map.copyOf(properties);
        return this;
    }

    /**
     * Configures the LLM factory.
     *
     * @param properties by their names, see {@link TestAdapter#llm}; {@code serverUrl} is the simulator's for the {@code
     *     provider}, {@code LOCAL} unless named, and {@code model} is {@code simulator}
     * @return this
     */
    public GenAiExtension llmProperties(Map<String, String> properties) {
        llmProperties = Map.copyOf(properties);
        return this;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IllegalAccessException {
        simulators.beforeEach(context);
    }

    /** Closes the adapter first, because it may still use its backends. */
    @Override
    public void afterEach(ExtensionContext context) {
        TestAdapter adapter = context.getStore(NAMESPACE).remove(TestAdapter.class, TestAdapter.class);
        try {
            if (adapter != null) {
                adapter.close();
            }
        } finally {
            simulators.afterEach(context);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return simulators.supportsParameter(parameter, context)
                || isOurs(parameter.getParameter().getType())
                        && context.getTestMethod().isPresent();
    }

    private static boolean isOurs(Class<?> type) {
        return type == ComfyUiConnectionFactory.class
                || type == LlmConnectionFactory.class
                || type == TestAdapter.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        if (!isOurs(type)) {
            return simulators.resolveParameter(parameter, context);
        }
        Store store = context.getStore(NAMESPACE);
        if (type == TestAdapter.class) {
            return adapter(store);
        }
        return type == ComfyUiConnectionFactory.class
                ? store.getOrComputeIfAbsent(type, any -> comfyUi(adapter(store), context))
                : store.getOrComputeIfAbsent(type, any -> llm(adapter(store), context));
    }

    private static TestAdapter adapter(Store store) {
        return store.getOrComputeIfAbsent(TestAdapter.class, any -> TestAdapter.start(), TestAdapter.class);
    }

    private ComfyUiConnectionFactory comfyUi(TestAdapter adapter, ExtensionContext context) {
        Map<String, String> properties = new HashMap<>(comfyUiProperties);
        properties.computeIfAbsent(
                "serverUrl", absent -> simulators.comfyUi(context).uri().toString());
        return adapter.comfyUi(properties);
    }

    private LlmConnectionFactory llm(TestAdapter adapter, ExtensionContext context) {
        Map<String, String> properties = new HashMap<>(llmProperties);
        boolean anthropic = "ANTHROPIC".equalsIgnoreCase(properties.computeIfAbsent("provider", absent -> "LOCAL"));
        properties.computeIfAbsent("serverUrl", absent -> {
            LlmSimulator backend = simulators.llm(context);
            return (anthropic ? backend.anthropicUri() : backend.openAiUri()).toString();
        });
        properties.putIfAbsent("model", "simulator");
        return adapter.llm(properties);
    }
}
