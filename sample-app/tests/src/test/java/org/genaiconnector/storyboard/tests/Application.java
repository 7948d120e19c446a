package org.genaiconnector.storyboard.tests;

/** The application under test, as checks see it. */
interface Application {

    Backends backends();

    Storyboard storyboard();

    Rest rest();
}
