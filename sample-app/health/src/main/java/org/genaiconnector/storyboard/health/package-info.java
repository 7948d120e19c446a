/**
 * Storyboard's checks for {@code /health}, in a module of their own because not every application server has MicroProfile
 * Health. Where there is none, the application does without this module.
 */
package org.genaiconnector.storyboard.health;
