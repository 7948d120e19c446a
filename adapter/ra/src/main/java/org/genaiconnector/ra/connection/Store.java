package org.genaiconnector.ra.connection;

import jakarta.resource.spi.InvalidPropertyException;
import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.UnrecoverableKeyException;
import java.util.Collections;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key store or trust store as configured: PKCS12 or JKS, as the file says. What is wrong with it is told under the name of
 * the property that is wrong, without the password.
 *
 * @param name what the names of its properties begin with
 * @param file path
 * @param password blank for none
 */
record Store(String name, String file, String password) {

    @FunctionalInterface
    private interface EntryTest {
        boolean isUseful(String alias) throws KeyStoreException;
    }

    KeyManager[] keyManagers() throws InvalidPropertyException, GeneralSecurityException {
        KeyStore store = load();
        check(store, store::isKeyEntry);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        try {
            factory.init(store, characters());
        } catch (UnrecoverableKeyException e) {
            throw BackendConfiguration.invalid(name + "Password", "does not open the key in " + file, e);
        }
        return factory.getKeyManagers();
    }

    TrustManager[] trustManagers() throws InvalidPropertyException, GeneralSecurityException {
        KeyStore store = load();
        check(store, alias -> store.getCertificate(alias) != null);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private KeyStore load() throws InvalidPropertyException {
        try {
            return KeyStore.getInstance(new File(file), characters());
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw e.getCause() instanceof UnrecoverableKeyException
                    ? BackendConfiguration.invalid(name + "Password", "does not open " + file, e)
                    : BackendConfiguration.invalid(name + "File", "cannot be read: " + file + ": " + e.getMessage(), e);
        }
    }

    /** Without its password a PKCS12 file seems to be empty, and an empty store fails only when it is used. */
    private void check(KeyStore store, EntryTest test) throws InvalidPropertyException, KeyStoreException {
        for (String alias : Collections.list(store.aliases())) {
            if (test.isUseful(alias)) {
                return;
            }
        }
        throw TransportConfiguration.isBlank(password)
                ? BackendConfiguration.invalid(name + "Password", "is missing, or " + file + " holds nothing of use")
                : BackendConfiguration.invalid(name + "File", "holds nothing of use: " + file);
    }

    /** Null for none: then certificates that are not encrypted can still be read. */
    private char[] characters() {
        return TransportConfiguration.isBlank(password) ? null : password.toCharArray();
    }

    /** Does not show the password. */
    @Override
    public String toString() {
        return name + " " + file;
    }
}
