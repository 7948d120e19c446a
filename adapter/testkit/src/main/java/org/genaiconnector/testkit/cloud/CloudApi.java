package org.genaiconnector.testkit.cloud;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.genaiconnector.testkit.comfyui.Multipart;

/** The routes of the API, behind the check of the key. */
final class CloudApi extends Handler.Abstract {
    private static final Pattern JOB = Pattern.compile("/api/v2/jobs/([^/]+)(/cancel|/events)?");
    private static final Pattern ASSET = Pattern.compile("/api/v2/assets/([^/]+)(/content)?");

    private final Set<String> keys;
    private final CloudJobs jobs;
    private final Assets assets;

    CloudApi(Set<String> keys, CloudJobs jobs, Assets assets) {
        this.keys = keys;
        this.jobs = jobs;
        this.assets = assets;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Reply reply;
        try {
            reply = answer(request);
        } catch (Refused refused) {
            reply = Reply.of(refused);
        } catch (IOException e) {
            callback.failed(e); // the client has gone, or a fault took the connection
            return true;
        }
        response.setStatus(reply.status());
        reply.headers().forEach(response.getHeaders()::put);
        if (reply.contentType() != null) {
            response.getHeaders().put("Content-Type", reply.contentType());
        }
        response.write(true, ByteBuffer.wrap(reply.body()), callback);
        return true;
    }

    private Reply answer(Request request) throws Refused, IOException {
        byte[] body = bytes(request);
        String authorization = request.getHeaders().get("Authorization");
        if (authorization == null
                || !authorization.startsWith("Bearer ")
                || !keys.contains(authorization.substring("Bearer ".length()))) {
            throw new Refused(401, "unauthorized", "Missing or invalid API key");
        }
        String path = Request.getPathInContext(request);
        String call = request.getMethod() + " " + path;
        if (call.equals("POST /api/v2/jobs")) {
            return jobs.submit(Reply.read(body), request.getHeaders().get("Idempotency-Key"));
        }
        if (call.equals("POST /api/v2/assets")) {
            return upload(request, body);
        }
        Matcher job = JOB.matcher(path);
        if (job.matches()) {
            return job(request.getMethod(), job.group(1), job.group(2));
        }
        Matcher asset = ASSET.matcher(path);
        if (asset.matches()) {
            return asset(request.getMethod(), asset.group(1), asset.group(2) != null);
        }
        throw Refused.notFound(path);
    }

    private Reply job(String method, String id, String part) throws Refused {
        if (part == null && method.equals("GET")) {
            return jobs.find(id);
        }
        if ("/cancel".equals(part) && method.equals("POST")) {
            return jobs.cancel(id);
        }
        if ("/events".equals(part) && method.equals("GET")) {
            throw new Refused(501, "not_implemented", "This deployment serves no live events");
        }
        throw Refused.notFound(method);
    }

    private Reply asset(String method, String id, boolean content) throws Refused {
        if (method.equals("GET")) {
            Asset asset = assets.find(id);
            return content ? assets.content(asset) : Reply.json(200, assets.describe(asset));
        }
        if (method.equals("DELETE") && !content) {
            assets.delete(id);
            return Reply.empty(204);
        }
        throw Refused.notFound(method);
    }

    private Reply upload(Request request, byte[] body) throws Refused {
        Multipart form = Multipart.parse(request.getHeaders().get("Content-Type"), body)
                .orElseThrow(() -> new Refused(422, "invalid_request", "The body is no form"));
        for (String name : form.parts().keySet()) {
            if (!Set.of("file", "content_type", "file_path", "expected_hash", "tags", "expires_in")
                    .contains(name)) {
                throw new Refused(422, "invalid_request", "Unknown field " + name);
            }
        }
        byte[] content = form.content("file").orElseThrow(() -> missing("file"));
        String type = form.field("content_type").orElseThrow(() -> missing("content_type"));
        String path = form.field("file_path").orElseThrow(() -> missing("file_path"));
        return assets.created(Asset.of(path, type, content, null));
    }

    private static Refused missing(String field) {
        return new Refused(422, "invalid_request", "The field " + field + " is missing");
    }

    private static byte[] bytes(Request request) throws IOException {
        try (var in = Content.Source.asInputStream(request)) {
            return in.readAllBytes();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
