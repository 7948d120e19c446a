package org.genaiconnector.storyboard.tests.admin;

import jakarta.annotation.Resource;
import jakarta.resource.ResourceException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;

/**
 * The second application: {@code /requests} shows how many requests the pool has seen through an injected factory, {@code
 * /chat} asks the model through a factory looked up for this request.
 */
@WebServlet({"/requests", "/chat"})
public class SecondApplication extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final String POOL = "eis/genai/llm";

    @Resource(lookup = POOL)
    private transient LlmConnectionFactory injected;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        response.getWriter()
                .print(
                        request.getServletPath().equals("/requests")
                                ? injected.statistics().requests().total()
                                : chat());
    }

    private static String chat() throws IOException {
        try {
            LlmConnectionFactory factory = InitialContext.doLookup(POOL);
            try (LlmConnection connection = factory.getConnection()) {
                return connection.chat(ChatRequest.of("Hello")).model();
            }
        } catch (NamingException | ResourceException e) {
            throw new IOException(e);
        }
    }
}
