package org.genaiconnector.storyboard.web;

import jakarta.inject.Inject;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.genaiconnector.FailureCategory;

/**
 * Keeps pages of others from using this application through a visitor's browser, and tells browsers that our pages load nothing
 * from elsewhere and run no script but their own.
 */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class BrowserGuard extends HttpFilter {
    private static final long serialVersionUID = 1L;

    private static final String PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " media-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    /** Names by which a proxy is asked for this application, separated by commas (environment: STORYBOARD_HOSTS). */
    @Inject
    @ConfigProperty(name = "storyboard.hosts")
    private transient Optional<String> hosts;

    private transient OwnPages pages;

    @Override
    public void init() {
        Set<String> names = hosts.stream()
                .flatMap(list -> Arrays.stream(list.split(",")))
                .map(name -> OwnPages.name(name.strip()))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
        pages = new OwnPages(names);
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean api = request.getServletPath().equals("/api");
        response.setHeader("Content-Security-Policy", api ? ForeignContent.POLICY : PAGE_POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Referrer-Policy", "no-referrer");
        Optional<OwnPages.Refusal> refusal = pages.check(new OwnPages.Request(
                request.getMethod(),
                InetAddress.getByName(request.getLocalAddr()).isLoopbackAddress(),
                headers(request, "Host"),
                headers(request, "Origin"),
                headers(request, "Sec-Fetch-Site")));
        if (refusal.isPresent()) {
            refuse(response, refusal.get());
        } else {
            chain.doFilter(request, response);
        }
    }

    private static List<String> headers(HttpServletRequest request, String name) {
        return Collections.list(request.getHeaders(name));
    }

    private static void refuse(HttpServletResponse response, OwnPages.Refusal refusal) throws IOException {
        response.setStatus(refusal.status());
        response.setContentType("application/json");
        response.getOutputStream()
                .write(JsonConfiguration.write(
                                Map.of("error", ErrorJson.of(FailureCategory.PERMISSION, refusal.message())))
                        .getBytes(StandardCharsets.UTF_8));
    }
}
