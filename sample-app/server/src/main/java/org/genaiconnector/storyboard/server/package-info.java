/**
 * Storyboard's EAR on a Payara Server of its own: a domain made anew at every start, on simulators where no backend is
 * configured, with the administration console beside the application.
 */
package org.genaiconnector.storyboard.server;
