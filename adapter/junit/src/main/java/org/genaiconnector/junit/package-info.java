/**
 * Connection factories for unit tests of applications. A {@link org.genaiconnector.junit.TestAdapter} is the resource
 * adapter as applications get it, without an application server: no pool, no JTA transactions, but jobs are followed and
 * listeners receive their events. {@link org.genaiconnector.junit.GenAiTest} gives a JUnit test factories of it whose backends are
 * simulators.
 */
package org.genaiconnector.junit;
