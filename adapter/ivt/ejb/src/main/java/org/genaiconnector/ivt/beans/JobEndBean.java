package org.genaiconnector.ivt.beans;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.EJB;
import jakarta.ejb.MessageDriven;
import org.genaiconnector.comfyui.ComfyUiJobListener;
import org.genaiconnector.comfyui.JobEvent;

/** Receives the ends of the jobs that the installation verification test submits, and of no others. */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "tag", propertyValue = JobEndBean.TAG),
            @ActivationConfigProperty(propertyName = "redeliveryDelayMillis", propertyValue = "100")
        })
public class JobEndBean implements ComfyUiJobListener {
    /** Tag of the jobs of this application. */
    public static final String TAG = "genai-connector-ivt";

    @EJB
    private JobEnds ends;

    @Override
    public void onEnd(JobEvent event) {
        ends.take(event);
    }
}
