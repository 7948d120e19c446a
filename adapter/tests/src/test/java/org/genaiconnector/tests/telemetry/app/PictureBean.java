package org.genaiconnector.tests.telemetry.app;

import jakarta.annotation.Resource;
import jakarta.ejb.ActivationConfigProperty;
import jakarta.ejb.MessageDriven;
import jakarta.ejb.MessageDrivenContext;
import jakarta.resource.ResourceException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.genaiconnector.comfyui.ComfyUiJobListener;
import org.genaiconnector.comfyui.JobEvent;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;

/** Chats about the end of a job, and notes on whose behalf it was called. */
@MessageDriven(activationConfig = @ActivationConfigProperty(propertyName = "runAsCaller", propertyValue = "true"))
public class PictureBean implements ComfyUiJobListener {
    /** The caller of each job's end. */
    static final Map<String, String> HEARD = new ConcurrentHashMap<>();

    @Resource
    private MessageDrivenContext context;

    @Resource(lookup = "telemetry/llm")
    private LlmConnectionFactory llm;

    @Override
    public void onCompleted(JobEvent event) {
        try (LlmConnection connection = llm.getConnection()) {
            connection.chat(ChatRequest.of("Praise the picture"));
        } catch (ResourceException e) {
            throw new IllegalStateException(e);
        }
        HEARD.put(event.jobId(), context.getCallerPrincipal().getName());
    }
}
