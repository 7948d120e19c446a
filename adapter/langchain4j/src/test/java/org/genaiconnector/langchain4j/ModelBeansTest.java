package org.genaiconnector.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.TokenCountEstimator;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.service.AiServices;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.literal.NamedLiteral;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.junit.GenAiTest;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.ra.comfyui.WorkflowTemplateImpl;
import org.genaiconnector.testkit.llm.LlmSimulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models as CDI beans that follow the configuration, in Weld. */
class ModelBeansTest {
    private static final Map<String, Object> JNDI = new ConcurrentHashMap<>();

    private final Map<String, String> properties = new HashMap<>();

    /** JNDI of this test. */
    public static final class Names implements InitialContextFactory {
        @Override
        public Context getInitialContext(Hashtable<?, ?> environment) throws NamingException {
            return new InitialContext(true) {
                @Override
                public Object lookup(String name) throws NamingException {
                    if (!JNDI.containsKey(name)) {
                        throw new NameNotFoundException(name);
                    }
                    return JNDI.get(name);
                }
            };
        }
    }

    @BeforeEach
    void name() {
        set(Context.INITIAL_CONTEXT_FACTORY, Names.class.getName());
    }

    @AfterEach
    void forget() {
        properties.keySet().forEach(System::clearProperty);
        JNDI.clear();
    }

    private void set(String name, String value) {
        properties.put(name, value);
        System.setProperty(name, value);
    }

    @SuppressWarnings("unchecked") // an array of classes of extensions
    private static SeContainer weld(Class<?>... beans) {
        return SeContainerInitializer.newInstance()
                .disableDiscovery()
                .addExtensions(ModelBeans.class)
                .addBeanClasses(beans)
                .initialize();
    }

    /** What an application looks like. */
    @ApplicationScoped
    static class Painter {
        @Inject
        ChatModel chat;

        @Inject
        @Named("writer")
        StreamingChatModel streaming;

        @Inject
        EmbeddingModel embedding;

        @Inject
        TokenCountEstimator tokens;

        @Inject
        ImageModel image;

        ChatModel chat() {
            return chat;
        }

        ImageModel image() {
            return image;
        }
    }

    /** A bean that hears of calls. */
    @ApplicationScoped
    static class Listener implements ChatModelListener {
        private final AtomicInteger heard = new AtomicInteger();

        @Override
        public void onRequest(ChatModelRequestContext context) {
            heard.addAndGet(context.chatRequest().parameters().maxOutputTokens());
        }

        int heard() {
            return heard.get();
        }
    }

    interface Assistant {
        String chat(String message);
    }

    @GenAiTest
    void injectsModelsOfTheConfiguration(
            LlmConnectionFactory llm, LlmSimulator backend, ComfyUiConnectionFactory comfyUi) {
        WorkflowTemplateImpl template = new WorkflowTemplateImpl();
        template.setWorkflow("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 9}},
                 "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "none"}}}""");
        template.setParameters("text=2.filename_prefix");
        JNDI.put("eis/genai/llm", llm);
        JNDI.put("eis/genai/comfyui", comfyUi);
        JNDI.put("genai/painting", template);
        set("genai.langchain4j.writer.factory", "eis/genai/llm");
        set("genai.langchain4j.writer.max-output-tokens", "50");
        set("genai.langchain4j.writer.timeout", "PT30S");
        set("genai.langchain4j.painter.factory", "eis/genai/comfyui");
        set("genai.langchain4j.painter.template", "genai/painting");
        set("genai.langchain4j.painter.prompt-parameter", "text");
        backend.script().says("a lighthouse");

        try (SeContainer container = weld(Painter.class, Listener.class)) {
            Painter painter = container.select(Painter.class).get();
            Assistant assistant = AiServices.create(Assistant.class, painter.chat());
            assertThat(assistant.chat("What is it?")).isEqualTo("a lighthouse");
            assertThat(container.select(Listener.class).get().heard()).isEqualTo(50);
            assertThat(painter.image().generate("sea").content().base64Data()).isNotEmpty();
            // as langchain4j-cdi finds them
            assertThat(container
                            .select(ChatModel.class, NamedLiteral.of("writer"))
                            .isResolvable())
                    .isTrue();
            assertThat(container
                            .select(ImageModel.class, NamedLiteral.of("writer"))
                            .isUnsatisfied())
                    .isTrue();
        }
    }

    @GenAiTest
    void namesWhatIsNotInJndi() {
        set("genai.langchain4j.writer.factory", "eis/none");

        try (SeContainer container = weld(Listener.class)) {
            ChatModel model = container.select(ChatModel.class).get();
            assertThatThrownBy(() -> model.chat("Hello"))
                    .hasStackTraceContaining("The model writer of genai.langchain4j.writer.factory cannot be made")
                    .hasStackTraceContaining("There is no LlmConnectionFactory of the name eis/none in JNDI");
        }
    }

    /** A producer of the application's own. */
    @Dependent
    static class Own {
        @Produces
        ChatModel own() {
            return new ChatModel() {};
        }
    }

    @ApplicationScoped
    static class Asking {
        @Inject
        ChatModel chat;
    }

    @Test
    void refusesTwoBeansForOneModel() {
        set("genai.langchain4j.writer.factory", "eis/genai/llm");

        assertThatThrownBy(() -> weld(Own.class, Asking.class).close())
                .hasStackTraceContaining("Two beans for one model: ChatModel")
                .hasStackTraceContaining("Asking.chat")
                .hasStackTraceContaining("own()")
                .hasStackTraceContaining("genai.langchain4j.writer.factory");
    }

    @Test
    void refusesTwoEntriesForOneInjectionPoint() {
        set("genai.langchain4j.fast.factory", "eis/genai/fast");
        set("genai.langchain4j.good.factory", "eis/genai/good");

        assertThatThrownBy(() -> weld(Asking.class).close())
                .hasStackTraceContaining(
                        "could be genai.langchain4j.fast.factory or genai.langchain4j.good.factory. Call one entry"
                                + " genai.langchain4j.default, inject by @Named");
        set("genai.langchain4j.default.factory", "eis/genai/good");
        try (SeContainer container = weld(Asking.class)) {
            assertThat(container.select(ChatModel.class).isResolvable()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a.modle       | x          | genai.langchain4j.a.modle: there is no such property
            a.temperature | warm       | genai.langchain4j.a.temperature: "warm" is not a number
            a.timeout     | 30         | genai.langchain4j.a.timeout: "30" is not a duration
            a.strict-json-schema | yes | genai.langchain4j.a.strict-json-schema: "yes" is not true or false
            a.models      | chat,audio | genai.langchain4j.a.models: there are no models of the kind audio
            a.models      | chat,image | genai.langchain4j.a.models: images come from another factory
            b.model       | x          | genai.langchain4j.b.factory is missing
            factory       | x          | genai.langchain4j.factory: the key has no name
            """)
    void namesKeysThatAreWrong(String key, String value, String message) {
        SortedMap<String, String> settings = new TreeMap<>(Map.of("a.factory", "eis/genai/llm", key, value));

        assertThatThrownBy(() -> ModelEntry.of(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
