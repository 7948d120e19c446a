package org.genaiconnector.benchmarks.server;

import jakarta.annotation.Resource;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import org.genaiconnector.benchmarks.CallCost;
import org.genaiconnector.llm.ChatRequest;
import org.genaiconnector.llm.LlmConnection;
import org.genaiconnector.llm.LlmConnectionFactory;

/** Measures a chat on a borrowed connection with borrow and release. Answers one {@link CallCost} for each round. */
@WebServlet("/chat")
public class ChatServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int CALLS_PER_ROUND = 500;
    private static final ChatRequest REQUEST = ChatRequest.of("One vivid sentence for a painter: a lighthouse at dusk");

    @Resource(lookup = "bench/llm")
    private transient LlmConnectionFactory llm;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        int rounds = Integer.parseInt(request.getParameter("rounds"));
        response.setContentType("text/plain");
        try {
            PrintWriter out = response.getWriter();
            for (int round = 0; round < rounds; round++) {
                out.println(CallCost.of(CALLS_PER_ROUND, this::chat));
            }
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new ServletException(e);
        }
    }

    private String chat() throws Exception {
        try (LlmConnection connection = llm.getConnection()) {
            return connection.chat(REQUEST).text();
        }
    }
}
