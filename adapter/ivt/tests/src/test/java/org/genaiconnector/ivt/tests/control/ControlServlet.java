package org.genaiconnector.ivt.tests.control;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Requests that wait for each other, so that each is the last one that a thread of the application server remembers. */
@WebServlet("/together")
public class ControlServlet extends HttpServlet {
    /** How many requests belong together. */
    public static final int REQUESTS = 4;

    private static final long serialVersionUID = 1L;

    /** The application server may have fewer threads at first. */
    private static final long LONGEST_WAIT_SECONDS = 1;

    private final transient CountDownLatch together = new CountDownLatch(REQUESTS);

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        together.countDown();
        try {
            boolean met = together.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
            response.setContentType("text/plain");
            response.getWriter().print(met);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServletException(e);
        }
    }
}
