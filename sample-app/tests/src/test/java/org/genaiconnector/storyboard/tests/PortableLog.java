package org.genaiconnector.storyboard.tests;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The log of an application server other than Payara: where a message begins, what is trouble, and what is explained. */
enum PortableLog {
    /** Services of its own that it loads at the first request; the context root. */
    GLASSFISH(
            "(?m)^(?=\\[\\d{4}-\\d\\d-\\d\\dT)",
            "\\[(WARNING|SEVERE)\\]", "SecureServiceAccessPermission|Context path from ServletContext"),

    /** Definitions in an application; the application's task while WildFly suspends it in order to stop. */
    WILDFLY(
            "(?m)^(?=\\d{4}-\\d\\d-\\d\\d \\d\\d:)",
            " (WARN|ERROR|FATAL) ", "WFLYJCA002[789]|WFLYEE0110:.*container is suspended"),

    /** CDI beans in an adapter, which has none. */
    LIBERTY("(?m)^(?=\\[\\d+/\\d+/\\d+, )", "^\\[[^\\]]*\\] \\w+ \\S+ +[WEF] ", "J2CA0241W");

    private static final Pattern STACK_TRACE = Pattern.compile("(?m)^\\s+at [\\w.$/@]+\\.[\\w$<>]+\\(");

    private final Pattern head;
    private final Pattern trouble;
    private final Pattern explained;

    PortableLog(String head, String trouble, String explained) {
        this.head = Pattern.compile(head);
        this.trouble = Pattern.compile(trouble);
        this.explained = Pattern.compile(explained, Pattern.DOTALL);
    }

    /** The messages that need an explanation. */
    List<String> troubles(String log) {
        return Stream.of(head.split(log))
                .filter(message -> STACK_TRACE.matcher(message).find()
                        || trouble.matcher(message.lines().findFirst().orElse(""))
                                .find())
                .filter(message -> !explained.matcher(message).find())
                .toList();
    }
}
