package org.genaiconnector.tests.store.app;

import jakarta.annotation.Resource;
import jakarta.resource.ResourceException;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.transaction.UserTransaction;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.JobQuery;
import org.genaiconnector.comfyui.Workflow;

/** Orders pictures of two ComfyUIs and writes down their jobs, all in one transaction. */
@WebServlet(urlPatterns = {"/order", "/state", "/orders", "/jobs"})
public class PictureServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Resource(lookup = "jdbc/__default")
    private transient DataSource database;

    @Resource(lookup = "store/one")
    private transient ComfyUiConnectionFactory one;

    @Resource(lookup = "store/two")
    private transient ComfyUiConnectionFactory two;

    @Resource
    private transient UserTransaction transaction;

    @Override
    public void init() throws ServletException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("CREATE TABLE IF NOT EXISTS picture_order (job VARCHAR(36) PRIMARY KEY)");
        } catch (SQLException e) {
            throw new ServletException(e);
        }
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

    private String answer(HttpServletRequest request) throws Exception {
        return switch (request.getServletPath()) {
            case "/order" -> order(request.getParameter("seconds"), request.getParameter("end"));
            case "/state" -> state(request.getParameter("job"));
            case "/orders" -> String.valueOf(orders());
            default -> String.valueOf(one.jobs(JobQuery.all()).size());
        };
    }

    /** The ids of the jobs, separated by blanks. */
    private String order(String seconds, String end) throws Exception {
        List<String> jobs = new ArrayList<>();
        transaction.begin();
        boolean ordered = false;
        try {
            for (ComfyUiConnectionFactory factory : List.of(one, two)) {
                jobs.add(order(factory, seconds));
            }
            ordered = true;
        } finally {
            if (ordered && end.equals("commit")) {
                transaction.commit();
            } else {
                transaction.rollback();
            }
        }
        return String.join(" ", jobs);
    }

    private String order(ComfyUiConnectionFactory factory, String seconds) throws ResourceException, SQLException {
        try (ComfyUiConnection comfyUi = factory.getConnection();
                Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO picture_order VALUES (?)")) {
            String job =
                    comfyUi.queuePrompt(Workflow.parse("""
                            {"1": {"class_type": "LabSteps", "inputs": {"steps": 50, "seconds": %s, "color": 1}},
                             "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(seconds))).id();
            insert.setString(1, job);
            insert.executeUpdate();
            return job;
        }
    }

    private String state(String job) throws ResourceException {
        try (ComfyUiConnection comfyUi = one.getConnection()) {
            return comfyUi.findJob(job).map(status -> status.state().name()).orElse("unknown");
        }
    }

    private long orders() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM picture_order")) {
            count.next();
            return count.getLong(1);
        }
    }
}
