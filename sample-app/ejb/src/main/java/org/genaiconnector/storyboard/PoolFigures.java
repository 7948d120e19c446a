package org.genaiconnector.storyboard;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.OptionalInt;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.genaiconnector.ConnectionStatistics;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.llm.LlmConnectionFactory;

/** Session bean that shows what happened on the pooled connections. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class PoolFigures {

    @Resource(lookup = "java:app/genai/comfyui")
    private ComfyUiConnectionFactory comfyUi;

    @Resource(lookup = "java:app/genai/llm")
    private LlmConnectionFactory llm;

    /**
     * The connections to ComfyUI.
     *
     * @return a snapshot
     */
    public ConnectionStatistics comfyUi() {
        return comfyUi.statistics();
    }

    /**
     * The connections to the language model.
     *
     * @return a snapshot
     */
    public ConnectionStatistics llm() {
        return llm.statistics();
    }

    /**
     * The most connections to ComfyUI.
     *
     * @return empty if the application's descriptor does not say it, as where the pools are the application server's
     */
    public OptionalInt comfyUiMaximum() {
        return maximum("comfyui");
    }

    /**
     * The most connections to the language model.
     *
     * @return empty if the application's descriptor does not say it, as where the pools are the application server's
     */
    public OptionalInt llmMaximum() {
        return maximum("llm");
    }

    private static OptionalInt maximum(String pool) {
        try {
            return OptionalInt.of(InitialContext.<Integer>doLookup("java:app/env/genai/" + pool + "-max-pool-size"));
        } catch (NamingException notThere) {
            return OptionalInt.empty();
        }
    }

    /** Begins counting from zero on both. */
    public void reset() {
        comfyUi.resetStatistics();
        llm.resetStatistics();
    }
}
