package org.genaiconnector.tests.inflow.bean;

import jakarta.annotation.Resource;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.MessageDrivenContext;
import org.genaiconnector.comfyui.ComfyUiJobListener;
import org.genaiconnector.comfyui.JobEvent;

/** Receives the ends of all jobs, reports them, and reacts as the test answers. */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "redeliveryAttempts", propertyValue = "2"),
            @ActivationConfigProperty(propertyName = "redeliveryDelayMillis", propertyValue = "50")
        })
public class EndsBean implements ComfyUiJobListener {
    @Resource
    private MessageDrivenContext context;

    @Override
    public void onCompleted(JobEvent event) {
        report("completed", event);
    }

    @Override
    public void onFailed(JobEvent event) {
        report("failed", event);
    }

    @Override
    public void onCancelled(JobEvent event) {
        report("cancelled", event);
    }

    @Override
    public void onRejected(JobEvent event) {
        report("rejected", event);
    }

    @Override
    public void onLost(JobEvent event) {
        report("lost", event);
    }

    private void report(String method, JobEvent event) {
        switch (Report.of("ends", method, event)) {
            case "throw" -> throw new IllegalStateException("The bean was asked to throw");
            case "error" -> throw new AssertionError("The bean was asked to throw");
            case "rollback" -> context.setRollbackOnly();
            default -> {
                // success
            }
        }
    }
}
