/**
 * Spans and measurements for OpenTelemetry, if the application server has it. {@link org.genaiconnector.ra.telemetry.Telemetry} looks
 * for it once; two classes know its API, and neither is loaded where that is absent. What fails in OpenTelemetry is logged once
 * and costs no call anything.
 */
package org.genaiconnector.ra.telemetry;
