package org.genaiconnector.storyboard;

import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.inject.Inject;
import jakarta.resource.ResourceException;
import java.util.List;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;

/** Session bean that knows whether the backends answer. It asks them only when it is asked, and not more often than needed. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class BackendProbes {

    @Resource(lookup = "java:app/genai/comfyui")
    private ComfyUiConnectionFactory comfyUi;

    @Resource(lookup = "java:app/genai/llm")
    private LlmConnectionFactory llm;

    @Resource
    private ManagedExecutorService executor;

    @Inject
    private Changes changes;

    private int silent;
    private boolean published;

    private final CachedProbe comfyUiProbe = new CachedProbe("comfyui", this::askComfyUi);
    private final CachedProbe llmProbe = new CachedProbe("llm", this::askLlm);

    /**
     * Tells how the backends are. Takes a few seconds at most.
     *
     * @return one result for each backend, some seconds old at most while they answer quickly, and whether jobs are tracked
     */
    public List<Probe> probe() {
        llmProbe.begin(executor); // while the other one is awaited
        return List.of(comfyUiProbe.result(executor), llmProbe.result(executor), tracking());
    }

    private Probe tracking() {
        return new Probe(
                "tracking", comfyUi.statistics().tracking(), "jobs are not tracked, see GENAI-1310 in the log");
    }

    /**
     * Asks ComfyUI, and publishes it if it has begun to answer, or has not answered twice: a pool may be busy once. To be called
     * every few seconds while its answers matter.
     */
    public synchronized void watchComfyUi() {
        Probe now = comfyUiProbe.result(executor);
        silent = now.up() ? 0 : silent + 1;
        boolean down = silent > 1;
        if (down != published) {
            published = down;
            changes.backend(now);
        }
    }

    private void askComfyUi() throws ResourceException {
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
            connection.getSystemStats();
        }
    }

    private void askLlm() throws ResourceException {
        try (LlmConnection connection = llm.getConnection()) {
            connection.listModels();
        }
    }
}
