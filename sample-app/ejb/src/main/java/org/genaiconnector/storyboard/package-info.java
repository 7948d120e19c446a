/**
 * Storyboard: an idea becomes a story of some scenes, written by an LLM and painted by ComfyUI.
 *
 * <p>Read {@link org.genaiconnector.storyboard.StoryWriter} and {@link org.genaiconnector.storyboard.Illustrator} first:
 * they show all there is to using the connector, an injected factory and {@code try}-with-resources. No bean waits for a
 * picture: the {@link org.genaiconnector.storyboard.JobBoard} gets the events of the jobs and passes them to its
 * listeners.
 */
package org.genaiconnector.storyboard;
