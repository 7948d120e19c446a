package org.genaiconnector.storyboard;

import jakarta.ejb.ApplicationException;

/** A {@link StoryArchive} cannot do now what it is asked for; later it perhaps can. */
@ApplicationException(rollback = true) // so that the container neither wraps nor prints it
public class StoryArchiveException extends Exception {

    private static final long serialVersionUID = 1;

    /**
     * A failure.
     *
     * @param message one line for an operator: what is wrong
     * @param cause not null
     */
    public StoryArchiveException(String message, Throwable cause) {
        super(message, cause);
    }
}
