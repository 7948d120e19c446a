package org.genaiconnector.ra.toy;

import java.net.URI;
import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.connection.Handle;

/** Connection handle to a toy service. */
final class ToyConnection extends Handle<ToyBackend.Operations> {

    /** The text in capital letters. */
    String capitals(String text) throws GenAiException {
        return perform(operations -> operations.capitals(text));
    }

    /** As {@link #capitals}, by one of several services. */
    String capitalsAt(URI server, String text) throws GenAiException {
        return performAt(server, operations -> operations.capitals(text));
    }
}
