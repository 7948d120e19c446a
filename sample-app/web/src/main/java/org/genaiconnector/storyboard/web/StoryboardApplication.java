package org.genaiconnector.storyboard.web;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;

/** Puts the REST API under {@code /api}. */
@ApplicationPath("api")
public class StoryboardApplication extends Application {

    /** Without Jersey's description of the API in a format of 2009, which would answer every OPTIONS request. */
    @Override
    public Map<String, Object> getProperties() {
        return Map.of("jersey.config.server.wadl.disableWadl", true);
    }
}
