package com.example.starter;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.junit.GenAiTest;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.genaiconnector.testkit.llm.LlmSimulator;

class PainterTest {
    @GenAiTest
    void paintsWhatTheModelWrites(
            LlmConnectionFactory llm, LlmSimulator model, ComfyUiConnectionFactory comfyUi, ComfyUiSimulator painter)
            throws Exception {
        model.script().says("A lighthouse at dusk");
        Painter bean = new Painter();
        bean.llm = llm;
        bean.comfyUi = comfyUi;
        ByteArrayOutputStream png = new ByteArrayOutputStream();

        bean.paint("the sea", png);

        assertTrue(png.size() > 0);
        assertTrue(painter.requests().stream().anyMatch(request -> request.text().contains("A lighthouse at dusk")));
    }
}
