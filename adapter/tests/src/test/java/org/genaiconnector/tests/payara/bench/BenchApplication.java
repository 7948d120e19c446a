package org.genaiconnector.tests.payara.bench;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Serves the resources of this package below {@code bench}. */
@ApplicationPath("bench")
public class BenchApplication extends Application {}
