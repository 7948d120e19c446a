/**
 * Message inflow: events of jobs on their way to message-driven beans.
 *
 * <p>Each bean has an {@link org.genaiconnector.ra.inflow.Activation}, which observes the adapter's job trackers and selects the
 * events that the bean receives. Its {@link org.genaiconnector.ra.inflow.EventDelivery} puts them as
 * {@linkplain org.genaiconnector.ra.inflow.Notice notices} into an {@link org.genaiconnector.ra.inflow.Outbox}, job by job, so that a
 * tracker never waits for a bean. Workers take notices out of it, one at a time for each job, and give them to an
 * {@link org.genaiconnector.ra.inflow.Endpoint}, which makes one delivery in one transaction. What then becomes
 * of an end is up to an {@link org.genaiconnector.ra.inflow.EndKeeper}. In memory
 * ({@link org.genaiconnector.ra.inflow.TrackedEnds}) it goes back into the outbox after a failed delivery, and back to the trackers when
 * the bean is deactivated; they keep it until a bean wants it. A {@link org.genaiconnector.ra.inflow.Subscription} takes ends out of a
 * job store, only as many as the bean can process, acknowledges them in the transaction of the bean, and writes there what else
 * becomes of them.
 */
package org.genaiconnector.ra.inflow;
