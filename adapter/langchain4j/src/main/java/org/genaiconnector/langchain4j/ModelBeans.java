package org.genaiconnector.langchain4j;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Default;
import jakarta.enterprise.inject.literal.NamedLiteral;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.enterprise.inject.spi.ProcessBean;
import jakarta.enterprise.inject.spi.ProcessInjectionPoint;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Portable extension that registers the models of the configuration. A bean has the name of its entry; it is the default of its
 * kind if it is the only one, or if the entry is called {@code default}. Two candidates for one injection point are refused when the
 * application is deployed, with both their names.
 */
public final class ModelBeans implements Extension {
    private static final String DEFAULT = "default";

    private final Map<ModelKind, List<String>> ofApplication = new EnumMap<>(ModelKind.class);
    private final Map<ModelKind, List<String>> wanted = new EnumMap<>(ModelKind.class);

    /** Called by the container. */
    public ModelBeans() {
        for (ModelKind kind : ModelKind.values()) {
            ofApplication.put(kind, new ArrayList<>());
            wanted.put(kind, new ArrayList<>());
        }
    }

    void seen(@Observes ProcessBean<?> event) {
        Bean<?> bean = event.getBean();
        if (bean.getQualifiers().contains(Default.Literal.INSTANCE) && !bean.isAlternative()) {
            for (ModelKind kind : ModelKind.values()) {
                if (bean.getTypes().contains(kind.type())) {
                    ofApplication.get(kind).add(event.getAnnotated().toString());
                }
            }
        }
    }

    void injected(@Observes ProcessInjectionPoint<?, ?> event) {
        InjectionPoint point = event.getInjectionPoint();
        if (point.getQualifiers().equals(Set.of(Default.Literal.INSTANCE))) {
            for (ModelKind kind : ModelKind.values()) {
                if (point.getType().equals(kind.type())) {
                    wanted.get(kind).add(String.valueOf(point.getMember()));
                }
            }
        }
    }

    void register(@Observes AfterBeanDiscovery event) {
        try {
            List<ModelEntry> entries = ModelEntry.of(ModelSettings.read());
            for (ModelKind kind : ModelKind.values()) {
                register(
                        event,
                        kind,
                        entries.stream()
                                .filter(entry -> entry.kinds().contains(kind))
                                .toList());
            }
        } catch (IllegalArgumentException e) {
            event.addDefinitionError(e);
        }
    }

    private void register(AfterBeanDiscovery event, ModelKind kind, List<ModelEntry> entries) {
        boolean single = entries.size() == 1;
        List<ModelEntry> defaults = entries.stream()
                .filter(entry -> single || entry.name().equals(DEFAULT))
                .toList();
        List<String> own = ofApplication.get(kind);
        List<String> candidates = new ArrayList<>(own);
        (defaults.isEmpty() ? entries : defaults).forEach(entry -> candidates.add(entry.key("factory")));
        boolean ours = !defaults.isEmpty() || own.isEmpty() && !wanted.get(kind).isEmpty();
        if (ours && candidates.size() > 1) {
            throw twoBeans(kind, candidates);
        }
        for (ModelEntry entry : entries) {
            event.addBean()
                    .types(Object.class, kind.type())
                    .scope(ApplicationScoped.class)
                    .id(entry.key(kind.name()))
                    .addQualifiers(
                            Any.Literal.INSTANCE,
                            NamedLiteral.of(entry.name()),
                            defaults.contains(entry) ? Default.Literal.INSTANCE : Configured.Literal.INSTANCE)
                    .produceWith(instance -> entry.make(kind));
        }
    }

    private IllegalArgumentException twoBeans(ModelKind kind, List<String> candidates) {
        List<String> places = wanted.get(kind);
        return new IllegalArgumentException("Two beans for one model: "
                + kind.type().getSimpleName()
                + (places.isEmpty() ? "" : " injected into " + String.join(", ", places))
                + " could be " + String.join(" or ", candidates)
                + ". Call one entry " + ModelSettings.PREFIX + DEFAULT
                + ", inject by @Named, or restrict the entries by their property models");
    }
}
