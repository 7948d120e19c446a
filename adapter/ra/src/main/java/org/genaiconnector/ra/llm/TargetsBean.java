package org.genaiconnector.ra.llm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import javax.management.StandardMBean;
import org.genaiconnector.ra.llm.limits.Amount;
import org.genaiconnector.ra.llm.limits.LimitFigure;
import org.genaiconnector.ra.llm.limits.LimitRule;
import org.genaiconnector.ra.llm.limits.Limits;
import org.genaiconnector.ra.llm.limits.Measure;
import org.genaiconnector.ra.llm.limits.Scope;
import org.genaiconnector.ra.llm.targets.Target;
import org.genaiconnector.ra.llm.targets.Targets;
import org.genaiconnector.ra.statistics.TargetFigures;

/**
 * The operations and figures of a factory's targets for administrators. All threads may use it.
 *
 * @param router that leads calls to them
 * @param counted limits of the calls
 * @param ledger of what calls have used
 */
record TargetsBean(Router router, Limits counted, UsageLedger ledger) implements TargetsMXBean {
    private static final long PICOS_OF_MICRO = 1_000_000;

    /** Shows targets from now on. */
    void show(TargetFigures figures, String factory, Targets targets) {
        figures.show(
                factory,
                List.copyOf(targets.targets().keySet()),
                targets.limits().stream().flatMap(TargetsBean::names).toList(),
                this::now,
                new StandardMBean(this, TargetsMXBean.class, true));
    }

    private static Stream<String> names(LimitRule rule) {
        return rule.most().keySet().stream()
                .map(measure -> name(rule.scope(), rule.name().orElse(""), measure));
    }

    /** A limit by its place in the configuration. */
    private static String name(Scope scope, String name, Measure measure) {
        return scope.word() + (name.isEmpty() ? "" : " " + name) + " " + measure.word();
    }

    private TargetFigures.Now now() {
        Targets targets = router.targets();
        Map<String, Long> on = new LinkedHashMap<>();
        Map<String, Long> underWay = new LinkedHashMap<>();
        for (String target : targets.targets().keySet()) {
            on.put(target, router.isOff(target) ? 0L : 1);
            underWay.put(target, (long) router.underWay(target));
        }
        Map<String, Long> used = new LinkedHashMap<>();
        Map<String, Long> refused = new LinkedHashMap<>();
        for (LimitFigure figure : counted.figures()) {
            boolean named = targets.limits().stream()
                    .anyMatch(rule -> rule.scope() == figure.scope()
                            && rule.name().equals(Optional.of(figure.name()))
                            && rule.most().containsKey(figure.measure()));
            String name = name(figure.scope(), named ? figure.name() : "", figure.measure());
            used.merge(name, Math.round(figure.share() * 100), Math::max);
            refused.merge(name, figure.refused(), Long::sum);
        }
        List<UsageLedger.Figures> all = ledger.figures();
        return new TargetFigures.Now(
                on,
                underWay,
                sums(all, UsageLedger.Figures::calls),
                sums(all, UsageLedger.Figures::failures),
                sums(all, UsageLedger.Figures::inputTokens),
                sums(all, UsageLedger.Figures::outputTokens),
                sums(all, one -> one.picos() / PICOS_OF_MICRO),
                used,
                refused);
    }

    private static Map<String, Long> sums(List<UsageLedger.Figures> all, ToLongFunction<UsageLedger.Figures> number) {
        Map<String, Long> sums = new LinkedHashMap<>();
        all.forEach(one -> sums.merge(one.key().target(), number.applyAsLong(one), Long::sum));
        return sums;
    }

    @Override
    public List<TargetRow> targets() {
        return router.targets().targets().values().stream().map(this::row).toList();
    }

    private TargetRow row(Target target) {
        String state = router.isOff(target.name()) ? "OFF" : router.isFailing(target.name()) ? "FAILING" : "ON";
        return new TargetRow(target.name(), target.provider(), state, router.underWay(target.name()));
    }

    @Override
    public List<LimitRow> limits() {
        return counted.figures().stream()
                .map(one -> new LimitRow(
                        one.scope().word(),
                        one.name(),
                        one.measure().word(),
                        one.measure().shown(one.most()),
                        one.measure().shown(one.used()),
                        one.refused(),
                        one.shadow()))
                .toList();
    }

    @Override
    public List<UsageRow> usage() {
        String currency = router.targets().currency();
        return ledger.figures().stream()
                .map(one -> new UsageRow(
                        one.key().application(),
                        one.key().caller(),
                        one.key().model(),
                        one.key().target(),
                        one.calls(),
                        one.failures(),
                        one.inputTokens(),
                        one.outputTokens(),
                        Amount.money(one.picos()).toPlainString() + " " + currency))
                .toList();
    }

    @Override
    public void resetUsage() {
        ledger.reset();
    }

    @Override
    public void switchOff(String target) {
        requireTarget(target);
        router.switchTarget(target, false);
    }

    @Override
    public void switchOn(String target) {
        requireTarget(target);
        router.switchTarget(target, true);
    }

    private void requireTarget(String name) {
        if (!router.targets().targets().containsKey(name)) {
            throw new IllegalArgumentException("There is no target " + name + "; there are "
                    + String.join(", ", router.targets().targets().keySet()));
        }
    }
}
