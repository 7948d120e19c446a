/**
 * What the launchers for Payara Micro and for Payara Server share: reading the environment, starting simulators of the
 * backends that are not configured, and ending with the process that started them.
 */
package org.genaiconnector.storyboard.launcher;
