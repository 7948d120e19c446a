package org.genaiconnector.tests.redeploy.load;

import jakarta.annotation.Resource;
import jakarta.resource.ResourceException;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Job;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.ChatStream;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;

/** Uses connections of both pools in every way that takes time: whole answers, streams, and jobs tracked to their end. */
@WebServlet({"/chat", "/stream", "/paint"})
public class LoadServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Duration LONGEST_JOB = Duration.ofSeconds(10);
    private static final List<String> SERVER_PACKAGES = List.of("com.sun.enterprise.", "org.jvnet.hk2.");
    private static final String PAINTING = """
            {"1": {"class_type": "EmptyImage", "inputs": {"width": 8, "height": 8, "batch_size": 1, "color": 5}},
             "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""";

    @Resource(lookup = "redeploy/llm")
    private transient LlmConnectionFactory llm;

    @Resource(lookup = "redeploy/comfyui")
    private transient ComfyUiConnectionFactory comfyUi;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        response.setContentType("text/plain");
        try {
            response.getWriter().println(use(request.getServletPath()));
        } catch (ResourceException e) {
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE, e.getMessage());
        } catch (RuntimeException e) {
            if (!isThrownByServer(e)) {
                throw e;
            }
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "The pools are being changed");
        }
    }

    /**
     * At every borrow Payara searches its list of pools, also while a command changes it. Then it throws an
     * {@link IndexOutOfBoundsException}, or a {@link NullPointerException} if the pool is removed between two searches.
     */
    private static boolean isThrownByServer(RuntimeException e) {
        for (StackTraceElement frame : e.getStackTrace()) {
            if (!frame.getClassName().startsWith("java.")
                    && !frame.getClassName().startsWith("jdk.")) {
                return SERVER_PACKAGES.stream().anyMatch(frame.getClassName()::startsWith);
            }
        }
        return false;
    }

    private Object use(String path) throws ResourceException {
        return switch (path) {
            case "/chat" -> chat();
            case "/stream" -> stream();
            default -> paint();
        };
    }

    private String chat() throws ResourceException {
        try (LlmConnection connection = llm.getConnection()) {
            return connection.chat(ChatRequest.of("Hello")).text();
        }
    }

    private int stream() throws ResourceException {
        int events = 0;
        try (LlmConnection connection = llm.getConnection();
                ChatStream stream = connection.stream(ChatRequest.of("Talk to me without end"))) {
            while (stream.hasNext()) {
                stream.next();
                events++;
            }
        }
        return events;
    }

    private Object paint() throws ResourceException {
        Job job;
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
            job = connection.queuePrompt(Workflow.parse(PAINTING));
        }
        return comfyUi.awaitJob(job.id(), LONGEST_JOB).state(); // the WebSocket brings the end
    }
}
