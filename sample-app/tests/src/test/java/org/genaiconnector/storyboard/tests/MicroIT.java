package org.genaiconnector.storyboard.tests;

/** RAR and WAR on Payara Micro. */
class MicroIT extends RunningApplication
        implements OutageChecks,
                JobChecks,
                StoryChecks,
                SafetyChecks,
                PageChecks,
                FileChecks,
                LlmChecks,
                McpChecks,
                BadInputChecks,
                ListeningChecks,
                LogChecks {

    MicroIT() {
        super("storyboard.micro");
    }
}
