package org.genaiconnector.ra.comfyui.durable;

import jakarta.resource.ResourceException;

/** A factory that knows a way to its backend. It may be garbage collected with its pool; then its backend is served no more. */
@FunctionalInterface
public interface RouteSource {
    /**
     * The way at this moment.
     *
     * @throws ResourceException if the configuration is wrong, or the adapter has stopped
     */
    Route route() throws ResourceException;
}
