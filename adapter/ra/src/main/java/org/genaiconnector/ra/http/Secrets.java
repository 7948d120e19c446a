package org.genaiconnector.ra.http;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.genaiconnector.ForeignText;
import org.genaiconnector.GenAiException;

/**
 * The secrets that the adapter sends and that no message may show: keys, passwords and values derived from them. A
 * backend may repeat them in its answers, so its text is masked before it goes into a message.
 *
 * <p>Secrets of less than {@value #LEAST} characters are not masked, because that would garble every message and hide
 * nothing. Those of less than {@value #LONG} are masked only as whole words, because dummy keys are often ordinary
 * words.
 */
public final class Secrets {
    /** Nothing to hide. */
    public static final Secrets NONE = new Secrets(Set.of());

    private static final String MASK = "***";
    private static final int LEAST = 4;
    private static final int LONG = 8;
    private static final int MOST_OF_A_CAUSE = 1_000;

    /** Names of headers that carry credentials contain one of these. */
    private static final Pattern TELLING_NAME =
            Pattern.compile(".*(auth|key|token|secret|passw|credential|cookie|signature).*");

    /** Names of parameters that carry credentials contain one of those or of these. */
    private static final Pattern TELLING_PARAMETER =
            Pattern.compile(".*(pwd|cred|sig|sas|code|jwt|ticket|session|access).*");

    /** Longest first, because one may be a part of another. */
    private final List<String> words;

    private Secrets(Collection<String> words) {
        this.words = words.stream()
                .filter(word -> word.strip().length() >= LEAST)
                .distinct()
                .sorted(Comparator.comparing(String::length).reversed())
                .toList();
    }

    /**
     * What a connection sends.
     *
     * @param credentials keys and passwords of the backend
     * @param headers as they are sent to it
     * @param server its address; messages show it, so its parts are no secrets
     * @param transport the way to it
     * @return all words of at least {@value #LEAST} characters that must not be shown
     */
    public static Secrets of(
            Collection<String> credentials, Map<String, String> headers, URI server, Transport transport) {
        Set<String> words = new LinkedHashSet<>(credentials);
        transport.proxy().ifPresent(proxy -> {
            words.add(proxy.password());
            words.addAll(parts(proxy.authorization()));
        });
        Stream.of(transport.headers(), headers)
                .flatMap(all -> all.entrySet().stream())
                .filter(header -> TELLING_NAME
                        .matcher(header.getKey().toLowerCase(Locale.ROOT))
                        .matches())
                .forEach(header -> words.addAll(parts(header.getValue())));
        words.addAll(ofQuery(transport.query()));
        words.removeIf(server.toString()::contains);
        return new Secrets(words);
    }

    /** The values of parameters that may be keys, as they are sent and as they are meant. */
    private static List<String> ofQuery(String query) {
        List<String> values = new ArrayList<>();
        for (String parameter : query.split("&")) {
            int equals = parameter.indexOf('=');
            String name = parameter.substring(0, Math.max(0, equals)).toLowerCase(Locale.ROOT);
            if (TELLING_NAME.matcher(name).matches()
                    || TELLING_PARAMETER.matcher(name).matches()) {
                String value = parameter.substring(equals + 1);
                values.add(value);
                values.add(decoded(value));
            }
        }
        return values;
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return value;
        }
    }

    /** A header's value, and what follows the name of a scheme in it. */
    private static List<String> parts(String value) {
        int space = value.indexOf(' ');
        return space < 0 ? List.of(value) : List.of(value, value.substring(space + 1));
    }

    /**
     * A text as it may be shown.
     *
     * @param text perhaps null
     * @return the same without secrets; null for null
     */
    public String mask(String text) {
        if (text == null) {
            return null;
        }
        String masked = text;
        for (String word : words) {
            for (String form : forms(word)) {
                if (masked.contains(form)) { // rarely
                    masked = masked.replaceAll(
                            form.length() < LONG ? "(?<!\\w)" + Pattern.quote(form) + "(?!\\w)" : Pattern.quote(form),
                            MASK);
                }
            }
        }
        return masked;
    }

    /**
     * Foreign text as it may be shown: on one line, cut, without secrets.
     *
     * @param text perhaps null
     * @return null for null
     */
    public String shown(String text) {
        return shown(text, ForeignText.MOST);
    }

    /**
     * Foreign text as it may be shown: on one line, cut, without secrets.
     *
     * @param text perhaps null
     * @param most longest result, without the remark that it has been cut
     * @return null for null
     */
    public String shown(String text, int most) {
        // cleaned first, because an invisible character may be within a secret; cut last, because half a secret would
        // not be masked
        return ForeignText.line(mask(ForeignText.line(text, Integer.MAX_VALUE)), most);
    }

    /**
     * The beginning of a longer text as it may be shown, without the first half of a secret at its end.
     *
     * @param text the beginning
     * @return the same without secrets
     */
    String maskCut(String text) {
        String masked = mask(text);
        for (String word : words) {
            for (String form : forms(word)) {
                for (int length = Math.min(form.length(), masked.length()); length >= LEAST; length--) {
                    if (masked.regionMatches(masked.length() - length, form, 0, length)) {
                        masked = masked.substring(0, masked.length() - length) + MASK;
                    }
                }
            }
        }
        return masked;
    }

    /** As it is, within a JSON string in both usual ways, and within an address. */
    private static Set<String> forms(String word) {
        String json = word.replace("\\", "\\\\").replace("\"", "\\\"");
        Set<String> forms = new LinkedHashSet<>();
        forms.add(word);
        forms.add(json);
        forms.add(json.replace("/", "\\/"));
        forms.add(URLEncoder.encode(word, StandardCharsets.UTF_8));
        return forms;
    }

    /**
     * An answer as it may be shown.
     *
     * @param body of any kind
     * @return the same array if it holds no secret
     */
    byte[] mask(byte[] body) {
        if (words.isEmpty()) {
            return body;
        }
        // one char per byte, so that what is no text stays as it is
        String text = new String(body, StandardCharsets.ISO_8859_1);
        String masked = bytewise().mask(text);
        return masked.equals(text) ? body : masked.getBytes(StandardCharsets.ISO_8859_1);
    }

    private Secrets bytewise() {
        return new Secrets(words.stream()
                .map(word -> new String(word.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
                .toList());
    }

    /** A failure of the transport as it may be shown. */
    GenAiException mask(GenAiException failure) {
        Throwable cause = mask(failure.getCause());
        return cause == failure.getCause()
                ? failure
                : new GenAiException(failure.category(), mask(failure.getMessage()), cause);
    }

    /**
     * A cause as it may be shown.
     *
     * @param thrown perhaps null
     * @return the same, or a substitute if its message or that of a cause contains a secret or is too long
     */
    Throwable mask(Throwable thrown) {
        List<Throwable> chain = new ArrayList<>();
        boolean clean = true;
        for (Throwable each = thrown; each != null && !chain.contains(each); each = each.getCause()) {
            chain.add(each);
            clean &= each.toString().equals(shown(each.toString(), MOST_OF_A_CAUSE));
        }
        if (clean) {
            return thrown;
        }
        Throwable shown = null;
        for (int i = chain.size() - 1; i >= 0; i--) {
            shown = new Masked(
                    shown(chain.get(i).toString(), MOST_OF_A_CAUSE),
                    shown,
                    chain.get(i).getStackTrace());
        }
        return shown;
    }

    /** Stands for an exception whose message repeats a secret, or is too long to read. */
    private static final class Masked extends Exception {
        private static final long serialVersionUID = 1L;

        Masked(String words, Throwable cause, StackTraceElement[] stackTrace) {
            super(words, cause);
            setStackTrace(stackTrace);
        }

        @Override
        public String toString() {
            return getMessage();
        }
    }

    /** Shows how many there are. */
    @Override
    public String toString() {
        return "Secrets[" + words.size() + "]";
    }
}
