package org.genaiconnector.storyboard.tests;

/** The EAR on Payara Server. */
class ServerIT extends RunningApplication
        implements OutageChecks,
                JobChecks,
                StoryChecks,
                SafetyChecks,
                FileChecks,
                LlmChecks,
                BadInputChecks,
                ListeningChecks,
                PasswordChecks,
                RedeployChecks,
                LogChecks {

    ServerIT() {
        super("storyboard.server");
    }
}
