package org.genaiconnector.ra.connection;

import jakarta.resource.spi.ManagedConnectionMetaData;

/**
 * What a managed connection is connected to.
 *
 * @param getEISProductName the backend's name
 * @param getEISProductVersion as it told last, "unknown" if it has not
 * @param getUserName empty for none
 */
record BackendMetaData(String getEISProductName, String getEISProductVersion, String getUserName)
        implements ManagedConnectionMetaData {

    /** The specification's word for "no limit, or none known". */
    @Override
    public int getMaxConnections() {
        return 0;
    }
}
