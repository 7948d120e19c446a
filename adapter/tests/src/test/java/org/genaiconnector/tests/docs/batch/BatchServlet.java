package org.genaiconnector.tests.docs.batch;

import jakarta.batch.operations.JobOperator;
import jakarta.batch.runtime.BatchRuntime;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Properties;

/** Starts the batch, tells its state, and starts it again where it stopped. */
@WebServlet({"/ready", "/start", "/state", "/restart"})
public class BatchServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        JobOperator operator = BatchRuntime.getJobOperator();
        Object answer =
                switch (request.getServletPath()) {
                    case "/start" -> operator.start("paint", new Properties());
                    case "/restart" -> operator.restart(id(request), new Properties());
                    case "/state" -> operator.getJobExecution(id(request)).getBatchStatus();
                    default -> "ready";
                };
        response.getWriter().print(answer);
    }

    private static long id(HttpServletRequest request) {
        return Long.parseLong(request.getParameter("id"));
    }
}
