package org.genaiconnector.tests.server.signon;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Serves the resource of this package below {@code sign-on}. */
@ApplicationPath("sign-on")
public class SignOnApplication extends Application {}
