/**
 * Storyboard's portable EAR on GlassFish, WildFly or Open Liberty: a new configuration at every start, with simulators where no
 * backend is configured.
 */
package org.genaiconnector.storyboard.portable;
