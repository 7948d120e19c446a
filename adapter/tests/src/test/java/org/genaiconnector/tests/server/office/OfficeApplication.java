package org.genaiconnector.tests.server.office;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Serves the resource of this package below {@code office}. */
@ApplicationPath("office")
public class OfficeApplication extends Application {}
