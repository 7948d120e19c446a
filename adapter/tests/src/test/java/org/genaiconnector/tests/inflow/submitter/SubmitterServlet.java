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
import java.util.List;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.tests.payara.testapp.Administration;

/** Submits and cancels jobs, and runs administration commands. Responses are plain text. */
@WebServlet({"/ready", "/queue", "/reject", "/cancel", "/run"})
public class SubmitterServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Resource(lookup = "inflow/comfyui")
    private transient ComfyUiConnectionFactory comfyUi;

    @Resource
    private transient UserTransaction transaction;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        response.setContentType("text/plain");
        try {
            response.getWriter().print(answer(request));
        } catch (ResourceException
                | ReflectiveOperationException
                | NotSupportedException
                | SystemException
                | HeuristicMixedException
                | HeuristicRollbackException e) {
            throw new ServletException(e);
        }
    }

    private Object answer(HttpServletRequest request)
            throws ResourceException, ReflectiveOperationException, NotSupportedException, SystemException,
                    HeuristicMixedException, HeuristicRollbackException {
        return switch (request.getServletPath()) {
            case "/queue" -> queue(request.getParameter("workflow"), request.getParameter("tag"));
            case "/reject" -> reject(request.getParameter("workflow"));
            case "/cancel" -> cancel(request.getParameter("job"));
            case "/run" ->
                Administration.run(request.getParameter("command"), List.of(request.getParameterValues("argument")));
            default -> "ready";
        };
    }

    private String queue(String workflow, String tag) throws ResourceException {
        Submission submission = Submission.of(Workflow.parse(workflow));
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
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
        String id = queue(workflow, null);
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
}
