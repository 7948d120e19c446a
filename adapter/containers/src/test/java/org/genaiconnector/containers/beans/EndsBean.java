package org.genaiconnector.containers.beans;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import org.genaiconnector.comfyui.ComfyUiJobListener;
import org.genaiconnector.comfyui.JobEvent;
import org.genaiconnector.containers.Heard;

/** Message-driven bean that hears of the ends of the application's jobs. */
@MessageDriven(
        messageListenerInterface = ComfyUiJobListener.class,
        activationConfig = @ActivationConfigProperty(propertyName = "redeliveryDelayMillis", propertyValue = "100"))
public class EndsBean implements ComfyUiJobListener {
    @Override
    public void onEnd(JobEvent event) {
        Heard.end(event.jobId(), event.status().state().name());
    }
}
