/**
 * What the JDK lacks and every other package of the adapter may use. Imports no other package of the adapter.
 */
package org.genaiconnector.ra.util;
