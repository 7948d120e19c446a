package org.genaiconnector.storyboard.tests.admin;

import jakarta.annotation.Resource;
import jakarta.resource.ResourceException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;

/** An application on WildFly, where the names of its pools begin with {@code java:/}. */
@WebServlet("/chat")
public class WildFlyApplication extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Resource(lookup = "java:/eis/genai/llm")
    private transient LlmConnectionFactory llm;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try (LlmConnection connection = llm.getConnection()) {
            response.getWriter().print(connection.chat(ChatRequest.of("Hello")).model());
        } catch (ResourceException e) {
            throw new IOException(e);
        }
    }
}
