package org.genaiconnector.tests.redeploy.control;

import jakarta.annotation.Resource;
import jakarta.resource.ResourceException;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.genaiconnector.servers.noop.NoopConnectionFactory;

/** Borrows a connection of the do-nothing adapter. */
@WebServlet("/work")
public class ControlServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** JDK 17 keeps the class of the last record whose {@code equals} it has linked, so here is one. */
    private record Result(int status) {
        static final Result OK = new Result(HttpServletResponse.SC_OK);
    }

    @Resource(lookup = "redeploy/noop")
    private transient NoopConnectionFactory factory;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        response.setContentType("text/plain");
        try {
            factory.getConnection().close();
            response.getWriter().print(Result.OK.equals(new Result(response.getStatus())));
        } catch (ResourceException e) {
            throw new ServletException(e);
        }
    }
}
