package org.genaiconnector.ra.toy;

import jakarta.resource.spi.ConnectionManager;
import java.util.List;
import org.genaiconnector.ra.connection.Backend;
import org.genaiconnector.ra.connection.BackendConnectionFactory;
import org.genaiconnector.ra.connection.PropertyChecks;
import org.genaiconnector.ra.connection.PropertyException;

/** Managed connection factory for a toy service, with configuration properties of its own. */
final class ToyManagedConnectionFactory extends BackendConnectionFactory<ToyBackend.Operations> {
    private static final long serialVersionUID = 1L;

    private String path = "/capitals";
    private String serverCredentials;

    ToyManagedConnectionFactory() {
        super("http://localhost:7000", 5_000, 10_000);
    }

    @Override
    protected Backend<ToyBackend.Operations> newBackend() throws PropertyException {
        if (PropertyChecks.isBlank(path)) {
            throw new PropertyException("path", "is missing");
        }
        return new ToyBackend(path);
    }

    @Override
    protected boolean takesSeveralAddresses() {
        return true;
    }

    @Override
    protected String endpointCredentials() {
        return serverCredentials;
    }

    @Override
    protected String productName() {
        return "Toy";
    }

    @Override
    public ToyConnectionFactory createConnectionFactory(ConnectionManager connectionManager) {
        return new ToyConnectionFactory(this, connectionManager);
    }

    @Override
    protected List<Object> configuration() {
        List<Object> values = super.configuration();
        values.add(path);
        values.add(serverCredentials);
        return values;
    }

    public String getServerCredentials() {
        return serverCredentials;
    }

    public void setServerCredentials(String serverCredentials) {
        this.serverCredentials = serverCredentials;
    }

    public String getPath() {
        return path;
    }

    public void setPath(String path) {
        this.path = path;
    }
}
