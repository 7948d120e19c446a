package org.genaiconnector.servers;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * HTTP digest authentication with MD5, the only one that WildFly's management interface offers and that the JDK's clients have
 * not or, since JDK 19, not any more.
 *
 * @param user name
 * @param password in clear
 */
record Digest(String user, String password) {
    private static final String REALM = "ManagementRealm";

    /** The line of the user in {@code mgmt-users.properties}. */
    String property() {
        return user + "=" + md5(user + ":" + REALM + ":" + password);
    }

    /**
     * Sends a POST request, with credentials for the challenge that an unauthenticated one gets.
     *
     * @param request makes it, without a header {@code Authorization}
     */
    HttpResponse<String> post(Supplier<HttpRequest.Builder> request) throws IOException, InterruptedException {
        HttpResponse<String> challenge = Http.send(request.get().build());
        if (challenge.statusCode() != 401) {
            return challenge;
        }
        String offered = challenge.headers().firstValue("WWW-Authenticate").orElse("");
        String path = challenge.uri().getPath();
        String nonce = value(offered, "nonce");
        String own = UUID.randomUUID().toString();
        String response = md5(String.join(
                ":", md5(user + ":" + REALM + ":" + password), nonce, "00000001", own, "auth", md5("POST:" + path)));
        return Http.send(request.get()
                .header(
                        "Authorization",
                        "Digest username=\"" + user + "\", realm=\"" + REALM + "\", nonce=\"" + nonce + "\", uri=\""
                                + path + "\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"" + own
                                + "\", response=\"" + response + "\", opaque=\"" + value(offered, "opaque") + "\"")
                .build());
    }

    private static String value(String header, String name) throws IOException {
        Matcher value = Pattern.compile("\\b" + name + "=\"([^\"]*)\"").matcher(header);
        if (!value.find()) {
            throw new IOException("No digest authentication: " + header);
        }
        return value.group(1);
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
