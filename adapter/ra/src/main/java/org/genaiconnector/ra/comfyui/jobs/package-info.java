/**
 * Tracks jobs from before they are sent to their ends.
 *
 * <p>The truth about a job is what the backend answers when it is asked. A
 * {@link org.genaiconnector.ra.comfyui.jobs.JobTracker} tracks every job of one backend to exactly one end, by the
 * questions of its {@link org.genaiconnector.ra.comfyui.jobs.JobPoller}; the signals of an {@link
 * org.genaiconnector.ra.comfyui.jobs.EventSocket} only make it ask sooner. {@link
 * org.genaiconnector.ra.comfyui.jobs.JobTrackers} has the trackers of one adapter and its observers, and {@link
 * org.genaiconnector.ra.comfyui.jobs.JobCalls} sends and cancels jobs over the connections of a pool.
 */
package org.genaiconnector.ra.comfyui.jobs;
