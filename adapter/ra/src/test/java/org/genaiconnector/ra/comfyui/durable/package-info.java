/** Durable jobs, with one or several adapters on one database, which are cut off or suspended in the middle of their work. */
package org.genaiconnector.ra.comfyui.durable;
