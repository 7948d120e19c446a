/**
 * Message-driven beans in a Payara Micro that receive the events of jobs of a ComfyUI simulator.
 *
 * <p>Two applications take part: the one in package {@code bean} holds the beans and is redeployed; the one in package {@code
 * submitter} stays, submits jobs and runs administration commands. The beans report to the test by HTTP, because their
 * reports must outlive them, and the response says how to react: {@link org.genaiconnector.tests.inflow.ReportReceiver}.
 */
package org.genaiconnector.tests.inflow;
