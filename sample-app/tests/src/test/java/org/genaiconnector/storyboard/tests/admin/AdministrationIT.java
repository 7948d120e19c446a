package org.genaiconnector.storyboard.tests.admin;

import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.Suite;

/** The tests that share the {@link AdminServer}, in one JVM, so that it starts once. */
@Suite
@SelectClasses({ConfigurationIT.class, CallersIT.class, BadInputIT.class, ConsoleIT.class})
class AdministrationIT {}
