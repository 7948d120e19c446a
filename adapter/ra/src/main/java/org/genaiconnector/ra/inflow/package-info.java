/**
 * Message inflow: news of jobs on their way to message-driven beans.
 *
 * <p>For each bean there is an {@link org.genaiconnector.ra.inflow.Activation}. It observes the adapter's job trackers and puts
 * what concerns the bean into an {@link org.genaiconnector.ra.inflow.Inbox}, job by job, so that a tracker never waits for a
 * bean. Works of the container take {@linkplain org.genaiconnector.ra.inflow.Notice notices} out of it, one at a time for a
 * job, and give them to an {@link org.genaiconnector.ra.inflow.Endpoint}, which makes one delivery in one transaction. An end
 * that was not taken well goes back into the inbox for a later delivery; an end that is still there when the bean is
 * deactivated goes back to the trackers, which keep it for the bean's return.
 */
package org.genaiconnector.ra.inflow;
