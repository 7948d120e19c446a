package org.genaiconnector.storyboard.tests.admin;

import jakarta.annotation.Resource;
import jakarta.resource.ResourceException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;

/** An application that is deployed before the resource that it refers to. */
@WebServlet("/models")
public class PrematureApplication extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Resource(lookup = "eis/genai/later")
    private transient LlmConnectionFactory llm;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try (LlmConnection connection = llm.getConnection()) {
            response.getWriter().print(connection.listModels());
        } catch (ResourceException e) {
            throw new IOException(e);
        }
    }
}
