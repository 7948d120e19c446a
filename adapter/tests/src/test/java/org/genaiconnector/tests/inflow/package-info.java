/**
 * Message-driven beans in a Payara Micro that hear of the jobs of a ComfyUI simulator.
 *
 * <p>Two applications take part: the one in package {@code bean} holds the beans and is redeployed; the one in package {@code
 * desk} stays, submits jobs and runs the server's commands. The beans tell the test what they hear by HTTP, since what they
 * heard must outlive them, and learn from the answer how to react: {@link org.genaiconnector.tests.inflow.Ears}.
 */
package org.genaiconnector.tests.inflow;
