package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.resource.spi.ManagedConnection;
import java.beans.IntrospectionException;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.genaiconnector.Credentials;
import org.genaiconnector.ra.GenAiResourceAdapter;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("equals and hashCode (specification 6.5.3, 19.4.2)")
class EqualityTest {

    /** A property of a kind of factory, set to something that is not its default. */
    record Setting(Class<?> type, PropertyDescriptor property, Object value) {
        Object apply() throws ReflectiveOperationException {
            Object factory = type.getConstructor().newInstance();
            property.getWriteMethod().invoke(factory, value);
            return factory;
        }

        @Override
        public String toString() {
            return type.getSimpleName() + "." + property.getName();
        }
    }

    static Stream<Setting> settings() {
        return Stream.of(new ComfyUiManagedConnectionFactory(), new LlmManagedConnectionFactory())
                .flatMap(EqualityTest::settings);
    }

    private static Stream<Setting> settings(BackendConnectionFactory<?> factory) {
        try {
            return Arrays.stream(Introspector.getBeanInfo(factory.getClass()).getPropertyDescriptors())
                    .flatMap(property -> other(factory, property).stream()
                            .map(value -> new Setting(factory.getClass(), property, value)));
        } catch (IntrospectionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A value of a configuration property that is not its default; application servers know only properties of these types. */
    private static Optional<Object> other(Object factory, PropertyDescriptor property) {
        if (property.getWriteMethod() == null || property.getReadMethod() == null) {
            return Optional.empty();
        }
        return switch (property.getPropertyType().getSimpleName()) {
            case "String" -> Optional.of("another");
            case "Integer" -> Optional.of(4711);
            case "Double" -> Optional.of(0.4711);
            case "Boolean" -> Optional.of(!Boolean.TRUE.equals(value(factory, property)));
            default -> Optional.empty();
        };
    }

    private static Object value(Object factory, PropertyDescriptor property) {
        try {
            return property.getReadMethod().invoke(factory);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    @DisplayName("SPEC:21: factories are equal if, and only if, every property is")
    void everyPropertyCounts(Setting setting) throws Exception {
        Object changed = setting.apply();
        assertThat(changed)
                .isEqualTo(setting.apply())
                .hasSameHashCodeAs(setting.apply())
                .isNotEqualTo(setting.type().getConstructor().newInstance());
    }

    @Test
    @DisplayName("SPEC:21: factories of different backends are never equal")
    void kindsDiffer() {
        assertThat(new LlmManagedConnectionFactory())
                .isNotEqualTo(new ComfyUiManagedConnectionFactory())
                .isNotEqualTo(null);
    }

    @Test
    @DisplayName("19.4.2: managed connections are equal by identity alone")
    void connectionsAreEqualByIdentity() throws Exception {
        LlmManagedConnectionFactory factory = new LlmManagedConnectionFactory();
        factory.setProbeOnCreate(false);
        ManagedConnection one = factory.createManagedConnection(null, null);
        ManagedConnection other = factory.createManagedConnection(null, null);
        assertThat(one).isEqualTo(one).isNotEqualTo(other);
        assertThat(one.hashCode()).isEqualTo(System.identityHashCode(one));
        one.destroy();
        other.destroy();
    }

    @Test
    @DisplayName("SPEC:17: connection requests are equal if their credentials are")
    void requestsAreEqualByCredentials() {
        ConnectionRequest request = new ConnectionRequest(new Credentials("anna", "secret"));
        assertThat(request)
                .isEqualTo(new ConnectionRequest(new Credentials("anna", "secret")))
                .hasSameHashCodeAs(new ConnectionRequest(new Credentials("anna", "secret")))
                .isNotEqualTo(new ConnectionRequest(new Credentials("bert", "secret")))
                .isNotEqualTo(new ConnectionRequest(new Credentials("anna", "other")));
    }

    @Test
    @DisplayName("19.4.2: resource adapters without configuration are equal")
    void adaptersAreEqual() {
        assertThat(new GenAiResourceAdapter())
                .isEqualTo(new GenAiResourceAdapter())
                .hasSameHashCodeAs(new GenAiResourceAdapter())
                .isNotEqualTo(null);
    }
}
