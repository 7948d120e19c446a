/**
 * Storyboard's EAR on a Payara Server of its own: a new domain at every start, with simulators where no backend is
 * configured, with the administration console beside the application.
 */
package org.genaiconnector.storyboard.server;
