package org.genaiconnector.ra.connection;

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
 * A configured key store or trust store, PKCS12 or JKS. Its exceptions name the property that is wrong and do not show the
 * password.
 *
 * @param name prefix of the names of its properties: {@code keyStore} or {@code trustStore}
 * @param file path
 * @param password null or blank for none
 */
record Store(String name, String file, String password) {

    @FunctionalInterface
    private interface EntryTest {
        boolean isUsable(String alias) throws KeyStoreException;
    }

    KeyManager[] keyManagers() throws PropertyException, GeneralSecurityException {
        KeyStore store = load();
        check(store, store::isKeyEntry);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        try {
            factory.init(store, characters());
        } catch (UnrecoverableKeyException e) {
            throw new PropertyException(name + "Password", "does not open the key in " + file, e);
        }
        return factory.getKeyManagers();
    }

    TrustManager[] trustManagers() throws PropertyException, GeneralSecurityException {
        KeyStore store = load();
        check(store, alias -> store.getCertificate(alias) != null);
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private KeyStore load() throws PropertyException {
        try {
            return KeyStore.getInstance(new File(file), characters());
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw e.getCause() instanceof UnrecoverableKeyException
                    ? new PropertyException(name + "Password", "does not open " + file, e)
                    : new PropertyException(name + "File", "cannot be read: " + file + ": " + e.getMessage(), e);
        }
    }

    /** A PKCS12 file seems empty if it is read without its password, and an empty store fails only when it is used. */
    private void check(KeyStore store, EntryTest test) throws PropertyException, KeyStoreException {
        for (String alias : Collections.list(store.aliases())) {
            if (test.isUsable(alias)) {
                return;
            }
        }
        throw PropertyChecks.isBlank(password)
                ? new PropertyException(name + "Password", "is missing, or " + file + " contains no usable entry")
                : new PropertyException(name + "File", "contains no usable entry: " + file);
    }

    /** Null for no password: certificates that are not encrypted can be read without one. */
    private char[] characters() {
        return PropertyChecks.isBlank(password) ? null : password.toCharArray();
    }

    /** Does not show the password. */
    @Override
    public String toString() {
        return name + " " + file;
    }
}
