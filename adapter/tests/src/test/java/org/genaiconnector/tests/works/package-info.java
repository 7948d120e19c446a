/**
 * The adapter's works in WildFly's Work Manager, without its application server: {@link
 * org.genaiconnector.tests.works.WildFlyWorkManager} runs them.
 */
package org.genaiconnector.tests.works;
