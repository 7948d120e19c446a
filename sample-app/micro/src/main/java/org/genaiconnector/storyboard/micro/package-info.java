/**
 * Storyboard in one process: Payara Micro with the adapter and the application, and simulators of the backends that are
 * not configured. {@link org.genaiconnector.storyboard.micro.Launcher} is what {@code java -jar storyboard.jar} runs.
 */
package org.genaiconnector.storyboard.micro;
