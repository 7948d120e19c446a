package org.genaiconnector.storyboard.portable;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
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
        List<String> names = Arrays.stream(Product.values())
                .map(product -> product.name().toLowerCase(Locale.ROOT))
                .toList();
        if (arguments.length == 0 || !names.contains(arguments[0])) {
            System.err.println("Storyboard cannot start: the first argument must be "
                    + names.stream().collect(Collectors.joining(", ")) + "; then may come --port NUMBER");
            System.exit(1);
        }
        Product product = Product.valueOf(arguments[0].toUpperCase(Locale.ROOT));
        Launch.main(
                product.title(),
                "a minute",
                PortableLauncher.class,
                List.of(arguments).subList(1, arguments.length),
                new PortableServer(product));
    }
}
