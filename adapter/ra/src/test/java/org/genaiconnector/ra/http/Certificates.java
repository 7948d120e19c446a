package org.genaiconnector.ra.http;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate made by the JDK's keytool, as key store of its owner and as trust store of its clients. */
public final class Certificates {
    public static final String PASSWORD = "correct horse";

    private static final Path MADE = Path.of("target", "certificates");

    private final Path keys;
    private final Path trust;

    private Certificates(Path keys, Path trust) {
        this.keys = keys;
        this.trust = trust;
    }

    /**
     * Makes a certificate, or takes the one that an earlier test of this build has made: keytool is a JVM of its own.
     *
     * @param directory where the files go
     * @param alternativeName for whom, for example {@code ip:127.0.0.1}
     */
    public static Certificates make(Path directory, String name, String alternativeName) throws Exception {
        Path keys = directory.resolve(name + "-keys.p12");
        Path known = MADE.resolve(name + "-" + alternativeName.replace(':', '-') + ".p12");
        if (Files.exists(known) && isValid(known, name)) {
            Files.copy(known, keys);
        } else {
            generate(keys, name, alternativeName);
            Files.createDirectories(MADE);
            Path copy = Files.copy(keys, Files.createTempFile(MADE, name, null), StandardCopyOption.REPLACE_EXISTING);
            Files.move(copy, known, StandardCopyOption.ATOMIC_MOVE);
        }
        return new Certificates(keys, trustStore(directory, name, keys));
    }

    private static boolean isValid(Path keys, String name) throws GeneralSecurityException, IOException {
        try {
            ((X509Certificate) load(keys.toString()).getCertificate(name)).checkValidity();
            return true;
        } catch (CertificateNotYetValidException | CertificateExpiredException e) {
            return false; // made on another day
        }
    }

    private static void generate(Path keys, String name, String alternativeName) throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-J-XX:TieredStopAtLevel=1",
                        "-J-XX:+UseSerialGC",
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=" + alternativeName,
                        "-startdate",
                        "-1d",
                        "-validity",
                        "3650",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(keys.resolveSibling(name + ".log").toFile())
                .start();
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException("keytool has not made " + keys);
        }
    }

    private static Path trustStore(Path directory, String name, Path keys)
            throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(
                name, KeyStore.getInstance(keys.toFile(), characters()).getCertificate(name));
        Path trust = directory.resolve(name + "-trust.p12");
        try (OutputStream out = Files.newOutputStream(trust)) {
            trusted.store(out, characters());
        }
        return trust;
    }

    private static char[] characters() {
        return PASSWORD.toCharArray();
    }

    /** File with the key. */
    public String keyStore() {
        return keys.toString();
    }

    /** File with the certificate alone. */
    public String trustStore() {
        return trust.toString();
    }

    /** TLS for a server with this certificate. */
    public SSLContext server() throws GeneralSecurityException, IOException {
        return serverTrusting(this);
    }

    /** TLS for a server with this certificate, which knows one client. */
    public SSLContext serverTrusting(Certificates client) throws GeneralSecurityException, IOException {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(load(keyStore()), characters());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(load(client.trustStore()));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private static KeyStore load(String file) throws GeneralSecurityException, IOException {
        return KeyStore.getInstance(new File(file), characters());
    }
}
