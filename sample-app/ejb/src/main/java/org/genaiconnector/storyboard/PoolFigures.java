package org.genaiconnector.storyboard;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
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

    /** Begins counting anew on both. */
    public void reset() {
        comfyUi.resetStatistics();
        llm.resetStatistics();
    }
}
