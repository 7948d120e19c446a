package org.genaiconnector.tests.rar;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.resource.spi.ActivationSpec;
import java.io.Serializable;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.genaiconnector.comfyui.ComfyUiJobListener;
import org.genaiconnector.comfyui.WorkflowTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** The descriptor and the beans that it describes say the same. */
class RaXmlIT {
    /** Elements that name a bean and are followed by its properties. */
    private static final List<String> BEANS = List.of(
            "resourceadapter-class", "managedconnectionfactory-class", "activationspec-class", "adminobject-class");

    /** Types of configuration properties that the specification permits. */
    private static final Set<Class<?>> TYPES = Set.of(
            String.class,
            Boolean.class,
            Integer.class,
            Double.class,
            Byte.class,
            Short.class,
            Long.class,
            Float.class,
            Character.class);

    record Bean(Class<?> type, List<Property> properties) {
        @Override
        public String toString() {
            return type.getSimpleName();
        }
    }

    record Property(Class<?> bean, String name, String type, Optional<String> value, boolean confidential) {
        private String suffix() {
            return Character.toUpperCase(name.charAt(0)) + name.substring(1);
        }

        Method getter() throws NoSuchMethodException {
            return bean.getMethod("get" + suffix());
        }

        Method setter() throws NoSuchMethodException, ClassNotFoundException {
            return bean.getMethod("set" + suffix(), Class.forName(type));
        }

        @Override
        public String toString() {
            return bean.getSimpleName() + "." + name;
        }
    }

    @Test
    void describesConnectionFactoriesMessageListenerAndTemplate() throws Exception {
        assertThat(beans().map(Bean::toString))
                .contains(
                        "GenAiResourceAdapter",
                        "ComfyUiManagedConnectionFactory",
                        "LlmManagedConnectionFactory",
                        "ComfyUiActivationSpec",
                        "WorkflowTemplateImpl");
    }

    @Test
    void namesTheInterfaceOfMessageDrivenBeans() throws Exception {
        NodeList listeners = Rar.descriptor().getElementsByTagName("messagelistener");
        assertThat(listeners.getLength()).isEqualTo(1);
        assertThat(type((Element) listeners.item(0), "messagelistener-type")).isEqualTo(ComfyUiJobListener.class);
        assertThat(type((Element) listeners.item(0), "activationspec-class")).isAssignableTo(ActivationSpec.class);
    }

    @ParameterizedTest
    @MethodSource("properties")
    void propertyHasGetterAndSetterOfItsType(Property property) throws Exception {
        assertThat(TYPES).contains(Class.forName(property.type()));
        assertThat(property.getter().getReturnType().getName()).isEqualTo(property.type());
        assertThat(property.setter().getReturnType()).isEqualTo(void.class);
    }

    @ParameterizedTest
    @MethodSource("properties")
    void defaultIsWhatAFreshBeanHas(Property property) throws Exception {
        Object fresh = property.bean().getConstructor().newInstance();
        Object value = property.getter().invoke(fresh);
        assertThat(property.value()).isEqualTo(Optional.ofNullable(value).map(Object::toString));
    }

    @ParameterizedTest
    @MethodSource("properties")
    void secretsAndOnlyTheyAreConfidential(Property property) {
        assertThat(property.confidential())
                .isEqualTo(property.name().matches("(?i).*(password|key|secret|credentials)"));
    }

    @ParameterizedTest
    @MethodSource("beans")
    void listsEveryPropertyOfTheBean(Bean bean) {
        assertThat(bean.properties().stream().map(Property::name))
                .containsExactlyInAnyOrderElementsOf(propertiesOf(bean.type()));
    }

    /** Payara asks an {@code is} method for the default of a {@code Boolean}, and logs a stack trace where both exist. */
    @ParameterizedTest
    @MethodSource("beans")
    void booleansAreReadInOneWayOnly(Bean bean) {
        assertThat(bean.type().getMethods()).extracting(Method::getName).noneMatch(name -> name.matches("is[A-Z].*"));
    }

    @ParameterizedTest
    @MethodSource("properties")
    void propertyIsDescribed(Property property) throws Exception {
        assertThat(descriptions(property))
                .isNotEmpty()
                .allSatisfy(text -> assertThat(text).hasSizeGreaterThan(15));
    }

    @Test
    void namesClassesThatExistAndFitTogether() throws Exception {
        NodeList definitions = Rar.descriptor().getElementsByTagName("connection-definition");
        assertThat(definitions.getLength()).isEqualTo(2);
        for (int i = 0; i < definitions.getLength(); i++) {
            Element definition = (Element) definitions.item(i);
            assertThat(type(definition, "connectionfactory-impl-class"))
                    .isAssignableTo(type(definition, "connectionfactory-interface"));
            assertThat(type(definition, "connection-impl-class"))
                    .isAssignableTo(type(definition, "connection-interface"));
        }
    }

    @Test
    void namesAdministeredObjectsThatFitTogether() throws Exception {
        NodeList objects = Rar.descriptor().getElementsByTagName("adminobject");
        assertThat(objects.getLength()).isEqualTo(1);
        Element template = (Element) objects.item(0);
        assertThat(type(template, "adminobject-interface")).isEqualTo(WorkflowTemplate.class);
        assertThat(type(template, "adminobject-class"))
                .isAssignableTo(WorkflowTemplate.class)
                .isAssignableTo(Serializable.class);
    }

    static Stream<Bean> beans() throws Exception {
        Document descriptor = Rar.descriptor();
        List<Bean> beans = new ArrayList<>();
        for (String tag : BEANS) {
            NodeList found = descriptor.getElementsByTagName(tag);
            for (int i = 0; i < found.getLength(); i++) {
                beans.add(bean((Element) found.item(i)));
            }
        }
        return beans.stream();
    }

    static Stream<Property> properties() throws Exception {
        return beans().flatMap(bean -> bean.properties().stream());
    }

    private static Bean bean(Element named) throws ClassNotFoundException {
        Class<?> type = Class.forName(named.getTextContent().strip());
        List<Property> properties = new ArrayList<>();
        for (Node node = named.getNextSibling(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals("config-property")) {
                properties.add(new Property(
                        type,
                        text(element, "config-property-name").orElseThrow(),
                        text(element, "config-property-type").orElseThrow(),
                        text(element, "config-property-value"),
                        text(element, "config-property-confidential")
                                .map(Boolean::valueOf)
                                .orElse(false)));
            }
        }
        return new Bean(type, properties);
    }

    /** Properties as application servers find them: a setter and a getter of a simple type. */
    private static Set<String> propertiesOf(Class<?> bean) {
        Set<String> getters = Arrays.stream(bean.getMethods())
                .map(Method::getName)
                .filter(name -> name.startsWith("get"))
                .map(name -> name.substring(3))
                .collect(Collectors.toSet());
        return Arrays.stream(bean.getMethods())
                .filter(method -> method.getName().startsWith("set") && method.getParameterCount() == 1)
                .filter(method -> isSimple(method.getParameterTypes()[0]))
                .map(method -> method.getName().substring(3))
                .filter(getters::contains)
                .map(name -> Character.toLowerCase(name.charAt(0)) + name.substring(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isSimple(Class<?> type) {
        return type.isPrimitive() || TYPES.contains(type);
    }

    private static List<String> descriptions(Property property) throws Exception {
        NodeList names = Rar.descriptor().getElementsByTagName("config-property-name");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < names.getLength(); i++) {
            if (names.item(i).getTextContent().equals(property.name())) {
                texts.add(text((Element) names.item(i).getParentNode(), "description")
                        .orElse(""));
            }
        }
        return texts;
    }

    private static Class<?> type(Element parent, String tag) throws ClassNotFoundException {
        return Class.forName(text(parent, tag).orElseThrow());
    }

    private static Optional<String> text(Element parent, String tag) {
        NodeList found = parent.getElementsByTagName(tag);
        return found.getLength() == 0
                ? Optional.empty()
                : Optional.of(found.item(0).getTextContent().strip());
    }
}
