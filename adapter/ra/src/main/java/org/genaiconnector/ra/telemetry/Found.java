package org.genaiconnector.ra.telemetry;

import java.lang.System.Logger.Level;
import org.genaiconnector.ra.messages.OperatorMessage;

/** What was found when it was first asked for. */
final class Found {
    static final Telemetry TELEMETRY = find(Found.class.getClassLoader());

    private Found() {}

    /**
     * Looks for OpenTelemetry.
     *
     * @param loader that sees the adapter
     */
    private static Telemetry find(ClassLoader loader) {
        try {
            Class<?> global = Class.forName("io.opentelemetry.api.GlobalOpenTelemetry", false, loader);
            global.getMethod("isSet");
        } catch (ClassNotFoundException | NoSuchMethodException e) {
            // there is none, or an old one, as in Payara 6: usual, so not worth a message
            System.getLogger(Telemetry.class.getName()).log(Level.DEBUG, "There is no OpenTelemetry to be used", e);
            return Nowhere.ONLY;
        } catch (LinkageError e) {
            return unusable(e);
        }
        try {
            return OpenTelemetryBridge.tried();
        } catch (LinkageError | RuntimeException e) { // only a part of it is there, or an old one
            return unusable(e);
        }
    }

    private static Telemetry unusable(Throwable why) {
        OperatorMessage.TELEMETRY_UNUSABLE.log(System.getLogger(Telemetry.class.getName()), why);
        return Nowhere.ONLY;
    }
}
