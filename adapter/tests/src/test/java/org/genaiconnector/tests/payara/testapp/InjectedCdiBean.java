package org.genaiconnector.tests.payara.testapp;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.resource.ResourceException;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.llm.LlmConnectionFactory;

/** CDI bean with both connection factories injected into setters. */
@ApplicationScoped
public class InjectedCdiBean {
    private ComfyUiConnectionFactory painter;
    private LlmConnectionFactory writer;

    @Resource(lookup = "genai/comfyui")
    public void setPainter(ComfyUiConnectionFactory factory) {
        painter = factory;
    }

    @Resource(lookup = "genai/llm")
    public void setWriter(LlmConnectionFactory factory) {
        writer = factory;
    }

    /** Asks both backends. */
    public String comfyUiVersionAndChat(String text) throws ResourceException {
        return Calls.version(painter) + " " + Calls.chat(writer, text);
    }
}
