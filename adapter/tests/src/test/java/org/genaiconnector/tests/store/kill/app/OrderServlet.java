package org.genaiconnector.tests.store.kill.app;

import jakarta.annotation.Resource;
import jakarta.resource.ResourceException;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.transaction.UserTransaction;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Workflow;

/** Orders jobs of three ComfyUIs in one transaction, and says what is in the database. */
@WebServlet({"/ready", "/order", "/hold", "/held", "/states", "/orders", "/ends", "/left", "/tracked"})
public class OrderServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Resource(lookup = "jdbc/kill")
    private transient DataSource database;

    @Resource(lookup = "kill/0")
    private transient ComfyUiConnectionFactory first;

    @Resource(lookup = "kill/1")
    private transient ComfyUiConnectionFactory second;

    @Resource(lookup = "kill/2")
    private transient ComfyUiConnectionFactory third;

    @Resource
    private transient UserTransaction transaction;

    @Override
    public void init() throws ServletException {
        try {
            rows().createTables();
        } catch (SQLException e) {
            throw new ServletException(e);
        }
    }

    private Rows rows() {
        return new Rows(database);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        try {
            response.getWriter().print(answer(request));
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new ServletException(e);
        }
    }

    private Object answer(HttpServletRequest request) throws Exception {
        return switch (request.getServletPath()) {
            case "/order" -> order(request);
            case "/hold" -> {
                moment(request).hold(number(request, "threads"));
                yield "";
            }
            case "/held" -> moment(request).held();
            case "/states" ->
                rows().lines("SELECT state, COUNT(*) FROM genai_job GROUP BY state UNION ALL"
                        + " SELECT state, COUNT(*) FROM genai_delivery GROUP BY state ORDER BY 1");
            case "/orders" -> rows().lines("SELECT number, job FROM kill_order");
            case "/ends" -> rows().lines("SELECT job, method FROM kill_end");
            case "/left" ->
                rows().lines("SELECT state, id FROM genai_job WHERE ended IS NULL UNION ALL"
                        + " SELECT state, job_id FROM genai_delivery");
            case "/tracked" ->
                all().stream()
                        .mapToLong(factory -> factory.statistics().jobs().completed())
                        .sum();
            default -> "ready";
        };
    }

    private static Moment moment(HttpServletRequest request) {
        return Moment.valueOf(request.getParameter("moment"));
    }

    private static int number(HttpServletRequest request, String name) {
        return Integer.parseInt(request.getParameter(name));
    }

    private String order(HttpServletRequest request) throws Exception {
        int number = number(request, "first");
        for (int i = 0; i < number(request, "transactions"); i++) {
            transaction.begin();
            boolean ordered = false;
            try {
                for (ComfyUiConnectionFactory factory : all()) {
                    order(factory, number++, request.getParameter("seconds"));
                }
                ordered = true;
            } finally {
                end(ordered && request.getParameter("end").equals("commit"));
            }
        }
        return "";
    }

    private List<ComfyUiConnectionFactory> all() {
        return List.of(first, second, third);
    }

    private void end(boolean commit) throws Exception {
        if (commit) {
            Moment.BEFORE_COMMIT.pass();
            transaction.commit();
            Moment.AFTER_COMMIT.pass();
        } else {
            transaction.rollback();
        }
    }

    private void order(ComfyUiConnectionFactory factory, int number, String seconds)
            throws ResourceException, SQLException {
        try (ComfyUiConnection comfyUi = factory.getConnection()) {
            Workflow workflow = Workflow.parse("""
                    {"1": {"class_type": "LabSteps", "inputs": {"steps": 4, "seconds": %s, "color": %d}},
                     "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(seconds, number));
            rows().order(number, comfyUi.queuePrompt(workflow).id());
        }
    }
}
