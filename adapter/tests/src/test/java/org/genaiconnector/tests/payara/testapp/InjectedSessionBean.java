package org.genaiconnector.tests.payara.testapp;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.resource.ResourceException;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.llm.LlmConnectionFactory;

/** Session bean with both connection factories in fields. */
@Stateless
public class InjectedSessionBean {
    @Resource(lookup = "genai/comfyui")
    private ComfyUiConnectionFactory comfyUi;

    @Resource(lookup = "genai/llm")
    private LlmConnectionFactory llm;

    public String comfyUiVersion() throws ResourceException {
        return Calls.version(comfyUi);
    }

    public String chat(String text) throws ResourceException {
        return Calls.chat(llm, text);
    }
}
