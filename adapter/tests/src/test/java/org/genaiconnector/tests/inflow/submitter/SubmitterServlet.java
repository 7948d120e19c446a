package org.genaiconnector.tests.inflow.submitter;

import jakarta.annotation.Resource;
import jakarta.resource.ResourceException;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.tests.payara.testapp.Administration;

/** Submits and cancels jobs, and runs administration commands. Responses are plain text. */
@WebServlet({"/ready", "/queue", "/reject", "/cancel", "/state", "/rows", "/run"})
public class SubmitterServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Resource(lookup = "inflow/comfyui")
    private transient ComfyUiConnectionFactory comfyUi;

    @Resource(lookup = "inflow/stored")
    private transient ComfyUiConnectionFactory stored;

    @Resource(lookup = "jdbc/__default")
    private transient DataSource database;

    @Resource
    private transient UserTransaction transaction;

    /** Makes the table of the beans. */
    @Override
    public void init() throws ServletException {
        try (Connection connection = database.getConnection();
                PreparedStatement create = connection.prepareStatement(
                        "CREATE TABLE IF NOT EXISTS ends_taken (job VARCHAR(36), delivery INT)")) {
            create.executeUpdate();
        } catch (SQLException e) {
            throw new ServletException(e);
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        response.setContentType("text/plain");
        try {
            response.getWriter().print(answer(request));
        } catch (ResourceException
                | ReflectiveOperationException
                | SQLException
                | NotSupportedException
                | SystemException
                | HeuristicMixedException
                | HeuristicRollbackException e) {
            throw new ServletException(e);
        }
    }

    private Object answer(HttpServletRequest request)
            throws ResourceException, ReflectiveOperationException, SQLException, NotSupportedException,
                    SystemException, HeuristicMixedException, HeuristicRollbackException {
        return switch (request.getServletPath()) {
            case "/queue" ->
                queue(
                        request.getParameter("stored") == null ? comfyUi : stored,
                        request.getParameter("workflow"),
                        request.getParameter("tag"));
            case "/reject" -> reject(request.getParameter("workflow"));
            case "/cancel" -> cancel(request.getParameter("job"));
            case "/state" -> state(request.getParameter("job"));
            case "/rows" -> rows(request.getParameter("job"));
            case "/run" ->
                Administration.run(request.getParameter("command"), List.of(request.getParameterValues("argument")));
            default -> "ready";
        };
    }

    private static String queue(ComfyUiConnectionFactory factory, String workflow, String tag)
            throws ResourceException {
        Submission submission = Submission.of(Workflow.parse(workflow));
        try (ComfyUiConnection connection = factory.getConnection()) {
            return connection
                    .queuePrompt(tag == null ? submission : submission.withTag(tag))
                    .id();
        }
    }

    /** Queues a workflow that ComfyUI rejects at the commit of the transaction. */
    private String reject(String workflow)
            throws ResourceException, NotSupportedException, SystemException, HeuristicMixedException,
                    HeuristicRollbackException {
        transaction.begin();
        String id = queue(comfyUi, workflow, null);
        try {
            transaction.commit();
        } catch (RollbackException
                | SystemException e) { // the latter from Payara if nothing else is in the transaction
            return id;
        }
        throw new IllegalStateException("ComfyUI has accepted " + workflow);
    }

    private Object cancel(String job) throws ResourceException {
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
            return connection.cancelJob(job);
        }
    }

    /** State of a job in the job store. */
    private Object state(String job) throws ResourceException {
        try (ComfyUiConnection connection = stored.getConnection()) {
            return connection.findJob(job).orElseThrow().state();
        }
    }

    /** The deliveries of which the bean's rows of a job are. */
    private List<Integer> rows(String job) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT delivery FROM ends_taken WHERE job = ?")) {
            select.setString(1, job);
            List<Integer> deliveries = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    deliveries.add(rows.getInt(1));
                }
            }
            return deliveries;
        }
    }
}
