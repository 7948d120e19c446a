package org.genaiconnector.testkit.cloud;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Storage of another origin, which answers GET of signed addresses. Like real ones it refuses a request that brings
 * credentials besides its signature, and methods that were not signed.
 */
final class Storage extends Handler.Abstract {
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-");
    private static final List<String> CREDENTIALS = List.of("Authorization", "X-API-Key", "Cookie");

    private final Map<String, Asset> signed = new ConcurrentHashMap<>();
    private volatile URI address;

    void isAt(URI uri) {
        address = uri;
    }

    /** A short-lived address of a file. */
    String sign(Asset asset) {
        String signature = UUID.randomUUID().toString();
        signed.put(signature, asset);
        return address + "/blobs/" + asset.hash().replace(":", "-") + "?X-Expires=3600&X-Signature=" + signature;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String query = request.getHttpURI().getQuery();
        Asset asset = query == null ? null : signed.get(query.replaceFirst(".*X-Signature=", ""));
        if (CREDENTIALS.stream().anyMatch(request.getHeaders()::contains)) {
            return refuse(400, "InvalidArgument", response, callback);
        }
        if (asset == null || !request.getMethod().equals("GET")) {
            return refuse(403, "SignatureDoesNotMatch", response, callback);
        }
        byte[] content = asset.content();
        response.getHeaders().put("Content-Type", asset.contentType());
        response.getHeaders().put("ETag", '"' + asset.hash() + '"');
        response.getHeaders().put("Accept-Ranges", "bytes");
        String range = request.getHeaders().get("Range");
        Matcher from = RANGE.matcher(range == null ? "" : range);
        if (from.matches() && Long.parseLong(from.group(1)) < content.length) {
            int start = Integer.parseInt(from.group(1));
            response.setStatus(206);
            response.getHeaders()
                    .put("Content-Range", "bytes " + start + "-" + (content.length - 1) + "/" + content.length);
            content = Arrays.copyOfRange(content, start, content.length);
        }
        response.getHeaders().put("Content-Length", content.length);
        response.write(true, ByteBuffer.wrap(content), callback);
        return true;
    }

    private static boolean refuse(int status, String code, Response response, Callback callback) {
        byte[] body = ("<Error><Code>" + code + "</Code></Error>").getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.getHeaders().put("Content-Type", "application/xml");
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }
}
