/**
 * Message inflow: events of jobs on their way to message-driven beans.
 *
 * <p>Each bean has an {@link org.genaiconnector.ra.inflow.Activation}, which observes the adapter's job trackers and selects the
 * events that the bean receives. Its {@link org.genaiconnector.ra.inflow.EventDelivery} puts them as
 * {@linkplain org.genaiconnector.ra.inflow.Notice notices} into an {@link org.genaiconnector.ra.inflow.Outbox}, job by job, so that a
 * tracker never waits for a bean. Workers take notices out of it, one at a time for each job, and give them to an
 * {@link org.genaiconnector.ra.inflow.Endpoint}, which makes one delivery in one transaction. After a failed delivery an end goes back
 * into the outbox to be redelivered. An end that is still there when the bean is deactivated goes back to the trackers, which keep it
 * until a bean wants it.
 */
package org.genaiconnector.ra.inflow;
