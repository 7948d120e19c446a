/**
 * Durable jobs: what is done with the rows of a job store. {@link org.genaiconnector.ra.comfyui.durable.DurableJobs} is what a
 * factory asks: it queues, finds, awaits and cancels jobs. {@link org.genaiconnector.ra.comfyui.durable.StoreSession} is one
 * store as one run of the adapter uses it: its instance with a lease ({@link
 * org.genaiconnector.ra.comfyui.durable.InstanceLease}), and for each backend a {@link
 * org.genaiconnector.ra.comfyui.durable.BackendJobs} with the jobs that this instance owns.
 *
 * <p>Two works of the Work Manager serve a backend. The {@link org.genaiconnector.ra.comfyui.durable.Sender} takes jobs from the
 * store and talks to the backend; the {@link org.genaiconnector.ra.comfyui.durable.Recorder} writes to the store what became of
 * them. They meet in an {@link org.genaiconnector.ra.comfyui.durable.OwnJob}. Nothing that an instance does counts unless it
 * could write it as the owner of the row; what cannot be written now is written later.
 */
package org.genaiconnector.ra.comfyui.durable;
