package org.genaiconnector.storyboard.tests;

/** The EAR on Payara Server. */
class ServerIT extends RunningApplication
        implements OutageChecks, JobChecks, FileChecks, LlmChecks, BadInputChecks, RedeployChecks, LogChecks {

    ServerIT() {
        super("storyboard.server");
    }
}
