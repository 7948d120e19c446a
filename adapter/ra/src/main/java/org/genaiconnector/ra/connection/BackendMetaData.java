package org.genaiconnector.ra.connection;

import jakarta.resource.spi.ManagedConnectionMetaData;

/**
 * Metadata of a managed connection.
 *
 * @param getEISProductName the backend's name
 * @param getEISProductVersion as the backend last said, {@code unknown} if it has not
 * @param getUserName empty for none
 */
record BackendMetaData(String getEISProductName, String getEISProductVersion, String getUserName)
        implements ManagedConnectionMetaData {

    /** Zero, which by the specification means that there is no limit or none is known. */
    @Override
    public int getMaxConnections() {
        return 0;
    }
}
