package org.genaiconnector.tests.redeploy.monitor;

import com.sun.management.HotSpotDiagnosticMXBean;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import javax.management.JMException;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.genaiconnector.tests.payara.testapp.Administration;

/** Runs administration commands, watches adapters and applications, and counts what they leave. Responses are plain text. */
@WebServlet({"/run", "/watch", "/leftovers", "/dump"})
public class MonitorServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient LeftoverCounter counter = new LeftoverCounter();

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        response.setContentType("text/plain");
        try {
            switch (request.getServletPath()) {
                case "/run" ->
                    response.getWriter()
                            .print(Administration.run(
                                    request.getParameter("command"), List.of(request.getParameterValues("argument"))));
                case "/watch" -> watch(request.getParameter("resource"), request.getParameter("application"));
                case "/dump" ->
                    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                            .dumpHeap(request.getParameter("file"), true);
                default -> counter.count().store(response.getWriter(), null);
            }
        } catch (ReflectiveOperationException | NamingException | JMException e) {
            throw new ServletException(e);
        }
    }

    private void watch(String resource, String application) throws NamingException {
        Object factory = InitialContext.doLookup(resource);
        counter.watch("adapters", factory.getClass().getClassLoader());
        counter.watch(
                "applications", getServletContext().getContext(application).getClassLoader());
    }
}
