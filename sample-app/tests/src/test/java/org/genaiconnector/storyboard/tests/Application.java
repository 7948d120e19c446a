package org.genaiconnector.storyboard.tests;

import java.io.IOException;

/** The application under test, as checks see it. */
interface Application {

    Backends backends();

    Storyboard storyboard();

    Rest rest();

    /** One browser for all checks, each of which leaves the page that it opened. */
    Browser browser() throws IOException;

    /** Touched as soon as the application had started. */
    ListeningSockets listening();
}
