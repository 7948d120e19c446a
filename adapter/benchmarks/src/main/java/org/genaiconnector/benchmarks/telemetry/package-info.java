/** What traces and metrics cost. */
package org.genaiconnector.benchmarks.telemetry;
