package org.genaiconnector.benchmarks.server;

import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.servers.noop.NoopConnectionFactory;

/**
 * Measures a borrow with its release from both pools in turn, so that what disturbs the machine disturbs both. Answers
 * one line for each round: nanoseconds with the adapter that does nothing, nanoseconds with ours.
 */
@WebServlet("/borrow")
public class BorrowServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int BORROWS_PER_ROUND = 20_000;

    @Resource(lookup = "bench/noop")
    private transient NoopConnectionFactory noop;

    @Resource(lookup = "bench/llm")
    private transient LlmConnectionFactory llm;

    @Resource
    private transient ManagedThreadFactory threadFactory;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        int threads = Integer.parseInt(request.getParameter("threads"));
        int rounds = Integer.parseInt(request.getParameter("rounds"));
        response.setContentType("text/plain");
        ExecutorService executor = Executors.newFixedThreadPool(threads, threadFactory);
        try {
            PrintWriter out = response.getWriter();
            for (int round = 0; round < rounds; round++) {
                out.println(nanos(noop::getConnection, threads, executor) + " "
                        + nanos(llm::getConnection, threads, executor));
            }
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new ServletException(e);
        } finally {
            executor.shutdown();
        }
    }

    private static double nanos(Borrower.Source source, int threads, ExecutorService executor) throws Exception {
        return threads == 1
                ? Borrower.nanos(source, BORROWS_PER_ROUND)
                : Borrower.nanos(source, BORROWS_PER_ROUND, threads, executor);
    }
}
