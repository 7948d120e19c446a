/** Traces of an application on an application server, as a collector receives them. */
package org.genaiconnector.tests.telemetry;
