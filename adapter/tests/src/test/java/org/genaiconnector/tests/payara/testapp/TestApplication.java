package org.genaiconnector.tests.payara.testapp;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Serves the resources of this package below {@code testapp}. */
@ApplicationPath("testapp")
public class TestApplication extends Application {}
