package org.genaiconnector.tests.telemetry.app;

import jakarta.annotation.Resource;
import jakarta.resource.ResourceException;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;

/** Chats about a picture and submits it on behalf of a caller; shows what the bean has heard. */
@WebServlet({"/ready", "/story", "/heard"})
public class StoryServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final String PICTURE = """
            {"1":{"class_type":"LabSteps","inputs":{"steps":4,"seconds":0.1,"color":%s}},\
            "2":{"class_type":"PreviewImage","inputs":{"images":["1",0]}}}""";

    @Resource(lookup = "telemetry/comfyui")
    private transient ComfyUiConnectionFactory comfyUi;

    @Resource(lookup = "telemetry/llm")
    private transient LlmConnectionFactory llm;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        response.setContentType("text/plain");
        try {
            response.getWriter()
                    .print(
                            switch (request.getServletPath()) {
                                case "/story" -> story(request);
                                case "/heard" -> PictureBean.HEARD;
                                default -> "ready";
                            });
        } catch (ResourceException e) {
            throw new ServletException(e);
        }
    }

    private String story(HttpServletRequest request) throws ResourceException {
        try (LlmConnection connection = llm.getConnection()) {
            connection.chat(ChatRequest.of("One sentence for a painter: a lighthouse"));
        }
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
            Submission picture = Submission.of(Workflow.parse(PICTURE.formatted(request.getParameter("colour"))));
            return connection
                    .queuePrompt(picture.withCaller(request.getParameter("caller")))
                    .id();
        }
    }
}
