package org.genaiconnector.tests.inflow.bean;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import org.genaiconnector.comfyui.ComfyUiJobListener;
import org.genaiconnector.comfyui.JobEvent;
import org.genaiconnector.comfyui.JobPreview;

/** Receives all events of the jobs with a tag, without transactions; overrides no method for ends. */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "tag", propertyValue = "watched"),
            @ActivationConfigProperty(propertyName = "events", propertyValue = "ENDS,PROGRESS,PREVIEW"),
            @ActivationConfigProperty(propertyName = "progressMillis", propertyValue = "0")
        })
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ProgressBean implements ComfyUiJobListener {
    @Override
    public void onProgress(JobEvent event) {
        Report.of("progressBean", "progress", event);
    }

    @Override
    public void onPreview(JobPreview preview) {
        Report.send("progressBean", "preview", preview.jobId() + " - 1");
    }
}
