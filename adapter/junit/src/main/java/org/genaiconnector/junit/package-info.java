/**
 * Connection factories for unit tests of applications. A {@link org.genaiconnector.junit.TestAdapter} is the resource
 * adapter as applications get it, without an application server: it has no pool and no JTA transactions, but tracks
 * jobs and delivers their events to listeners. {@link org.genaiconnector.junit.GenAiTest} gives a JUnit test factories
 * of it whose backends are simulators.
 */
package org.genaiconnector.junit;
