package org.genaiconnector.storyboard.tests;

/** The application under test, as checks see it. */
interface Application {

    Backends backends();

    Storyboard storyboard();

    Rest rest();

    /** Touched as soon as the application had started. */
    ListeningSockets listening();
}
