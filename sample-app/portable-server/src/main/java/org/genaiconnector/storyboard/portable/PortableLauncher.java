package org.genaiconnector.storyboard.portable;

import java.util.List;
import org.genaiconnector.storyboard.launcher.Launch;

/** Starts Storyboard's portable EAR on the application server that the first argument names. */
public final class PortableLauncher {

    private PortableLauncher() {}

    /**
     * Starts.
     *
     * @param arguments {@code glassfish}, {@code wildfly} or {@code liberty}, then {@code --port NUMBER} or nothing
     */
    public static void main(String[] arguments) {
        Product product = null;
        try {
            product = Product.named(arguments.length == 0 ? "" : arguments[0]);
        } catch (IllegalArgumentException e) {
            System.err.println("Storyboard cannot start: " + e.getMessage());
            System.exit(1);
        }
        Launch.main(
                product.title(),
                "a minute",
                PortableLauncher.class,
                List.of(arguments).subList(1, arguments.length),
                new PortableServer(product));
    }
}
