package org.genaiconnector.containers.beans;

import jakarta.annotation.Resource;
import jakarta.ejb.Local;
import jakarta.ejb.SessionContext;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.resource.ResourceException;
import java.time.Duration;
import java.util.List;
import org.genaiconnector.Credentials;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.containers.Checks;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.llm.StreamEvent;

/** Session bean that uses both connection factories. */
@Stateless
@Local(Checks.class)
public class ChecksBean implements Checks {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Resource
    private LlmConnectionFactory llm;

    @Resource
    private ComfyUiConnectionFactory comfyUi;

    @Resource
    private SessionContext context;

    @Override
    public String chat(String key) throws ResourceException {
        try (LlmConnection connection =
                key == null ? llm.getConnection() : llm.getConnection(Credentials.apiKey(key))) {
            return chat(connection);
        }
    }

    private static String chat(LlmConnection connection) throws ResourceException {
        return connection.chat(ChatRequest.of("Hello")).text();
    }

    @Override
    public String beginningOfStream() throws ResourceException {
        try (LlmConnection connection = llm.getConnection();
                ChatStream stream = connection.stream(ChatRequest.of("Hello"))) {
            while (stream.hasNext()) {
                if (stream.next() instanceof StreamEvent.Text text) {
                    return text.text();
                }
            }
            return "";
        }
    }

    @Override
    public String queue(int width) throws ResourceException {
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
            return queue(connection, width);
        }
    }

    private static String queue(ComfyUiConnection connection, int width) throws ResourceException {
        Workflow workflow = Workflow.parse("""
                {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 1}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""");
        return connection.queuePrompt(workflow.with("1.width", width)).id();
    }

    @Override
    public List<String> queueNested() throws ResourceException {
        try (ComfyUiConnection outer = comfyUi.getConnection()) {
            String first = queue(outer, 8);
            try (ComfyUiConnection inner = comfyUi.getConnection()) {
                return List.of(first, queue(inner, 16));
            }
        }
    }

    @Override
    public String queueAndRollBack() throws ResourceException {
        context.setRollbackOnly();
        return queue(8);
    }

    @Override
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public String state(String job) throws ResourceException {
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
            return connection.findJob(job).map(status -> status.state().name()).orElse("unknown");
        }
    }

    @Override
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public String await(String job) throws ResourceException {
        return comfyUi.awaitJob(job, LONG).state().name();
    }

    @Override
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public List<AutoCloseable> borrow() throws ResourceException {
        return List.of(llm.getConnection(), comfyUi.getConnection());
    }

    @Override
    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public void useAndClose(List<?> connections) throws ResourceException {
        try (LlmConnection first = (LlmConnection) connections.get(0);
                ComfyUiConnection second = (ComfyUiConnection) connections.get(1)) {
            chat(first);
            second.getSystemStats();
        }
    }

    @Override
    public int active() {
        return (int) (llm.statistics().connections().active()
                + comfyUi.statistics().connections().active());
    }
}
