package org.genaiconnector.ra.toy;

import org.genaiconnector.GenAiException;
import org.genaiconnector.ra.connection.Handle;

/** Connection handle to a toy service. */
final class ToyConnection extends Handle<ToyBackend.Operations> {

    /** The text in capital letters. */
    String capitals(String text) throws GenAiException {
        return perform(operations -> operations.capitals(text));
    }
}
