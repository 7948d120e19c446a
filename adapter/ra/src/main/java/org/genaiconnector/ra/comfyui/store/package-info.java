/**
 * The job store: jobs, their ends and the deliveries of these as rows of a database that the application's administrator
 * provides, shared by any number of application servers.
 *
 * <p>{@link org.genaiconnector.ra.comfyui.store.JobStore} is one database. Its parts are what an application does with jobs
 * ({@link org.genaiconnector.ra.comfyui.store.StoredJobs}), who works on them ({@link
 * org.genaiconnector.ra.comfyui.store.Instances}), the work ({@link org.genaiconnector.ra.comfyui.store.Dispatch} and {@link
 * org.genaiconnector.ra.comfyui.store.Deliveries}) and what an administrator does ({@link
 * org.genaiconnector.ra.comfyui.store.Upkeep}). All SQL about jobs is here.
 *
 * <p>A row that is worked on names its owner and a fence, a number that grows whenever the owner changes. Each update by an
 * owner has both in its condition, so one that lost the row, and does not know it yet, changes nothing.
 */
package org.genaiconnector.ra.comfyui.store;
