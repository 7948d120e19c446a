package org.genaiconnector.ivt;

import jakarta.ejb.EJB;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.genaiconnector.ivt.beans.Calls;
import org.genaiconnector.ivt.beans.JobEnds;

/**
 * Shows the last report, as a page or, at {@code /json}, as JSON, and runs the checks on POST. One run at a time.
 */
@WebServlet({"", "/json"})
public class IvtServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    @EJB
    private transient Calls calls;

    @EJB
    private transient JobEnds ends;

    private final AtomicReference<Report> last = new AtomicReference<>();
    private final AtomicBoolean running = new AtomicBoolean();

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        response.setHeader("Content-Security-Policy", POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", "no-store");
        Optional<String> refusal = Access.refusal(request);
        if (refusal.isPresent()) {
            write(response, HttpServletResponse.SC_FORBIDDEN, "text/plain", refusal.get() + "\n");
        } else {
            super.service(request, response);
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Report> report = Optional.ofNullable(last.get());
        if (!isJson(request)) {
            write(response, HttpServletResponse.SC_OK, "text/html", Page.of(report));
        } else if (report.isPresent()) {
            write(
                    response,
                    HttpServletResponse.SC_OK,
                    "application/json",
                    report.get().toJson().toString());
        } else {
            write(response, HttpServletResponse.SC_NOT_FOUND, "text/plain", "No run yet: POST starts one.\n");
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Settings settings;
        try {
            settings = Settings.of(request);
        } catch (IllegalArgumentException e) {
            write(response, HttpServletResponse.SC_BAD_REQUEST, "text/plain", e.getMessage() + "\n");
            return;
        }
        if (!running.compareAndSet(false, true)) {
            write(
                    response,
                    HttpServletResponse.SC_CONFLICT,
                    "text/plain",
                    "The test is running; ask for its report later.\n");
            return;
        }
        try {
            last.set(new Run(getServletContext(), calls, ends, settings).report());
        } finally {
            running.set(false);
        }
        if (isJson(request)) {
            doGet(request, response);
        } else {
            response.setStatus(HttpServletResponse.SC_SEE_OTHER); // a reload of the page must not run it again
            response.setHeader("Location", request.getContextPath() + "/");
        }
    }

    private static boolean isJson(HttpServletRequest request) {
        return request.getServletPath().equals("/json");
    }

    private static void write(HttpServletResponse response, int status, String type, String text) throws IOException {
        response.setStatus(status);
        response.setContentType(type + ";charset=UTF-8");
        response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }
}
