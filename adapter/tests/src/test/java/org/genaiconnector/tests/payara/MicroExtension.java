package org.genaiconnector.tests.payara;

import org.jboss.arquillian.core.spi.LoadableExtension;

/** Tells Arquillian of the observer that goes with its servers. */
public final class MicroExtension implements LoadableExtension {
    @Override
    public void register(ExtensionBuilder builder) {
        builder.observer(MicroObserver.class);
    }
}
