package org.genaiconnector.storyboard;

import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.EJB;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import org.genaiconnector.comfyui.ComfyUiJobListener;
import org.genaiconnector.comfyui.JobEvent;
import org.genaiconnector.comfyui.JobPreview;

/** Message-driven bean that receives the events of this application's jobs, and passes them to the {@link JobBoard}. */
@MessageDriven(
        activationConfig = {
            @ActivationConfigProperty(propertyName = "tag", propertyValue = Illustrator.TAG),
            @ActivationConfigProperty(propertyName = "events", propertyValue = "ENDS,PROGRESS,PREVIEW"),
            @ActivationConfigProperty(propertyName = "progressMillis", propertyValue = "200")
        })
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED) // the board is in memory
public class JobMessages implements ComfyUiJobListener {

    @EJB
    private JobBoard board;

    @Override
    public void onProgress(JobEvent event) {
        board.heard(event);
    }

    @Override
    public void onPreview(JobPreview preview) {
        board.heard(preview);
    }

    @Override
    public void onEnd(JobEvent event) {
        board.heard(event);
    }
}
