package org.genaiconnector.tests.payara;

import org.jboss.arquillian.core.spi.LoadableExtension;

/** Registers the observer of Arquillian's application servers. */
public final class MicroExtension implements LoadableExtension {
    @Override
    public void register(ExtensionBuilder builder) {
        builder.observer(MicroObserver.class);
    }
}
