/**
 * Several ComfyUI behind one factory, a fleet. {@link org.genaiconnector.ra.comfyui.fleet.Placement} is a function: of what a
 * job needs and of the backends as they were last seen it makes the backend that will finish the job first, or the reasons why
 * none can. {@link org.genaiconnector.ra.comfyui.fleet.Fleet} keeps what the function is asked with: which jobs of this adapter
 * wait and run where, how long such jobs take with and without their models in memory, and where uploads are. Calls
 * are made over the connections of the pool, which go to the backend that is chosen.
 */
package org.genaiconnector.ra.comfyui.fleet;
