package org.genaiconnector.storyboard.web;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.genaiconnector.GenAiException;
import org.genaiconnector.storyboard.Changes;
import org.genaiconnector.storyboard.JobBoard;
import org.genaiconnector.storyboard.OperatorMessage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The web module logs each of its messages for operators. */
class OperatorMessagesOfWebTest {

    static Stream<OperatorMessage> ofThisModule() {
        return Stream.of(OperatorMessage.values())
                .filter(message -> message.id().startsWith("STORYBOARD-2"));
    }

    @ParameterizedTest
    @MethodSource("ofThisModule")
    void isLogged(OperatorMessage message) throws GenAiException {
        List<String> logged =
                switch (message) {
                    case REQUEST_FAILED -> logged(ErrorMapper.class, this::answerUnexpectedException);
                    case BACKENDS_NOT_WATCHED -> logged(EventStreams.class, this::watchByBrokenCode);
                    default -> throw new AssertionError("No test produces " + message);
                };

        String level = message.level() == System.Logger.Level.ERROR
                ? "SEVERE"
                : message.level().name();
        assertThat(logged).containsExactly(level + " " + message.id() + " " + message.words());
    }

    private interface Action {
        void run() throws GenAiException;
    }

    /** What a class logs. */
    private static List<String> logged(Class<?> source, Action action) throws GenAiException {
        List<String> messages = new ArrayList<>();
        Logger logger = Logger.getLogger(source.getName());
        logger.setFilter(entry -> !messages.add(entry.getLevel() + " " + entry.getMessage()));
        try {
            action.run();
        } finally {
            logger.setFilter(null);
        }
        return messages;
    }

    private void answerUnexpectedException() {
        assertThat(new ErrorMapper()
                        .toResponse(new IllegalStateException("a secret"))
                        .getStatus())
                .isEqualTo(500);
    }

    /** Runs what the streams schedule first, with a stream open. */
    private void watchByBrokenCode() throws GenAiException {
        List<Runnable> scheduled = new ArrayList<>();
        ManagedScheduledExecutorService executor = (ManagedScheduledExecutorService) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ManagedScheduledExecutorService.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("scheduleWithFixedDelay")) {
                        scheduled.add((Runnable) arguments[0]);
                    }
                    return null;
                });
        EventStreams streams = new EventStreams(executor, new Changes(), new JobBoard() {
            @Override
            public long active() {
                throw new IllegalStateException("as tested");
            }
        });
        streams.begin();
        streams.sendAll(null, null, null);

        scheduled.get(0).run();
    }
}
