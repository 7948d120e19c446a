package org.genaiconnector.testkit;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.function.UnaryOperator;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * JUnit extension that gives every test its own simulators and closes them after it.
 *
 * <p>A simulator starts when a test first asks for it, as a parameter of the test, of {@code @BeforeEach} or
 * {@code @AfterEach}, or in a field: {@link LlmSimulator}, {@link ComfyUiSimulator}, or {@link Faults} marked with
 * {@link FaultsOf}.
 *
 * <pre>{@code
 * @Simulators
 * class PoolTest {
 *     @Test
 *     void survivesAReset(LlmSimulator llm, @FaultsOf(ComfyUiSimulator.class) Faults comfyUiFaults) { ... }
 * }
 *
 * class KeyTest {
 *     @RegisterExtension
 *     final SimulatorExtension simulators = new SimulatorExtension().llm(builder -> builder.apiKeys("sk-test"));
 * }
 * }</pre>
 */
public final class SimulatorExtension implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(SimulatorExtension.class);

    private UnaryOperator<LlmSimulator.Builder> llmChoices = UnaryOperator.identity();
    private UnaryOperator<ComfyUiSimulator.Builder> comfyUiChoices = UnaryOperator.identity();

    /** Says how LLM simulators are to be. */
    public SimulatorExtension llm(UnaryOperator<LlmSimulator.Builder> choices) {
        llmChoices = choices;
        return this;
    }

    /** Says how ComfyUI simulators are to be; their {@code wrap} is taken by the fault layer. */
    public SimulatorExtension comfyUi(UnaryOperator<ComfyUiSimulator.Builder> choices) {
        comfyUiChoices = choices;
        return this;
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IllegalAccessException {
        for (Object test : context.getRequiredTestInstances().getAllInstances()) {
            for (Class<?> type = test.getClass(); type != Object.class; type = type.getSuperclass()) {
                inject(type, test, context);
            }
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Started started = context.getStore(NAMESPACE).remove(Started.class, Started.class);
        if (started != null) {
            started.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Executable asking = parameter.getDeclaringExecutable();
        return asking instanceof Method
                && !Modifier.isStatic(asking.getModifiers())
                && gives(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return value(parameter.getParameter().getType(), parameter.getParameter(), context);
    }

    private void inject(Class<?> type, Object test, ExtensionContext context) throws IllegalAccessException {
        for (Field field : type.getDeclaredFields()) {
            int modifiers = field.getModifiers();
            if (gives(field.getType()) && !Modifier.isStatic(modifiers) && !Modifier.isFinal(modifiers)) {
                field.setAccessible(true);
                field.set(test, value(field.getType(), field, context));
            }
        }
    }

    private static boolean gives(Class<?> type) {
        return type == LlmSimulator.class || type == ComfyUiSimulator.class || type == Faults.class;
    }

    /** The ComfyUI simulator of a running test, which starts if nothing has asked for it yet; for other extensions. */
    public ComfyUiSimulator comfyUi(ExtensionContext context) {
        return started(context).comfyUi();
    }

    /** The LLM simulator of a running test, which starts if nothing has asked for it yet; for other extensions. */
    public LlmSimulator llm(ExtensionContext context) {
        return started(context).llm();
    }

    private Started started(ExtensionContext context) {
        return context.getStore(NAMESPACE).getOrComputeIfAbsent(Started.class, any -> new Started(), Started.class);
    }

    private Object value(Class<?> type, AnnotatedElement place, ExtensionContext context) {
        Started started = started(context);
        if (type == LlmSimulator.class) {
            return started.llm();
        }
        return type == ComfyUiSimulator.class ? started.comfyUi() : faults(place, started);
    }

    private static Faults faults(AnnotatedElement place, Started started) {
        FaultsOf of = place.getAnnotation(FaultsOf.class);
        Class<?> simulator = of == null ? null : of.value();
        if (simulator == LlmSimulator.class) {
            return started.llm().faults();
        } else if (simulator == ComfyUiSimulator.class) {
            started.comfyUi();
            return started.comfyUiFaults;
        }
        throw new ExtensionConfigurationException("Whose faults? Mark " + place
                + " with @FaultsOf(LlmSimulator.class) or @FaultsOf(ComfyUiSimulator.class)");
    }

    /** The simulators of one test. */
    private final class Started implements AutoCloseable {
        private final Faults comfyUiFaults = new Faults();
        private LlmSimulator llm;
        private ComfyUiSimulator comfyUi;

        private synchronized LlmSimulator llm() {
            if (llm == null) {
                llm = llmChoices.apply(LlmSimulator.builder()).start();
            }
            return llm;
        }

        private synchronized ComfyUiSimulator comfyUi() {
            if (comfyUi == null) {
                comfyUi = comfyUiChoices
                        .apply(ComfyUiSimulator.builder())
                        .wrap(comfyUiFaults::wrap)
                        .start();
            }
            return comfyUi;
        }

        @Override
        public synchronized void close() {
            try {
                if (llm != null) {
                    llm.close();
                }
            } finally {
                if (comfyUi != null) {
                    comfyUi.close();
                }
            }
        }
    }
}
