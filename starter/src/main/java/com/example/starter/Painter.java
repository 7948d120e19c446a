package com.example.starter;

import jakarta.annotation.Resource;
import jakarta.resource.ConnectionFactoryDefinition;
import jakarta.resource.ResourceException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;

/** Has a model write what to paint, and ComfyUI paint it: {@code /picture?of=the+sea}. */
@ConnectionFactoryDefinition(
        name = "java:app/genai/comfyui",
        interfaceName = "org.genaiconnector.comfyui.ComfyUiConnectionFactory",
        resourceAdapter = "genai-connector",
        minPoolSize = 1,
        maxPoolSize = 5,
        properties = "serverUrl=${MPCONFIG=comfyui.url:http://localhost:8188}")
@ConnectionFactoryDefinition(
        name = "java:app/genai/llm",
        interfaceName = "org.genaiconnector.llm.LlmConnectionFactory",
        resourceAdapter = "genai-connector",
        minPoolSize = 2,
        maxPoolSize = 10,
        properties = {
            "provider=${MPCONFIG=llm.provider:OPENAI}",
            "serverUrl=${MPCONFIG=llm.url:}", // empty: the provider's own address
            "model=${MPCONFIG=llm.model:gpt-4.1-mini}",
            "apiKey=${MPCONFIG=llm.api.key:}"
        })
@WebServlet("/picture")
public class Painter extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Resource(lookup = "java:app/genai/llm")
    transient LlmConnectionFactory llm;

    @Resource(lookup = "java:app/genai/comfyui")
    transient ComfyUiConnectionFactory comfyUi;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            response.setContentType("image/png");
            paint(request.getParameter("of"), response.getOutputStream());
        } catch (ResourceException e) {
            log("No picture", e);
            response.sendError(HttpServletResponse.SC_BAD_GATEWAY, e.getMessage());
        }
    }

    void paint(String idea, OutputStream out) throws ResourceException, IOException {
        String scene;
        try (LlmConnection connection = llm.getConnection()) {
            scene = connection.chat("One vivid sentence for a painter: " + idea).text();
        }
        Job job;
        try (InputStream file = Painter.class.getResourceAsStream("/painting.json"); // ComfyUI's "Export (API)"
                ComfyUiConnection connection = comfyUi.getConnection()) {
            Workflow workflow = Workflow.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
            job = connection.queuePrompt(workflow.with("positive.text", scene).withRandomSeed());
        }
        for (OutputFile picture : comfyUi.awaitJob(job.id(), Duration.ofMinutes(5)).files()) { // holds no connection
            try (Download download = comfyUi.download(picture)) {
                download.content().transferTo(out);
                return;
            }
        }
        throw new IOException("The workflow produced no file");
    }
}
