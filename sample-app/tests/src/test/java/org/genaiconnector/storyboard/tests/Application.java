package org.genaiconnector.storyboard.tests;

/** What a set of checks needs. */
interface Application {

    Backends backends();

    Storyboard storyboard();

    Rest rest();
}
