package org.genaiconnector.tests.payara.testapp;

import java.util.List;

/** The commands of {@code asadmin} inside a Payara Micro, which has no administration port. */
public final class Administration {

    private Administration() {}

    /**
     * Runs a command, by reflection, because Payara's own classes are not on the compiler's class path.
     *
     * @return the exit status, then the output of the command
     */
    public static String run(String command, List<String> arguments) throws ReflectiveOperationException {
        ClassLoader server = Thread.currentThread().getContextClassLoader();
        Class<?> runnerType = server.loadClass("org.glassfish.embeddable.CommandRunner");
        Object runner = server.loadClass("org.glassfish.internal.api.Globals")
                .getMethod("get", Class.class)
                .invoke(null, runnerType);
        Object result = runnerType
                .getMethod("run", String.class, String[].class)
                .invoke(runner, command, arguments.toArray(String[]::new));
        Class<?> resultType = server.loadClass("org.glassfish.embeddable.CommandResult");
        return resultType.getMethod("getExitStatus").invoke(result) + " "
                + resultType.getMethod("getOutput").invoke(result);
    }
}
