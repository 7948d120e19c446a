/**
 * Moves files to and from ComfyUI: {@link org.genaiconnector.ra.comfyui.files.FileTransfers} begins uploads and downloads,
 * and {@link org.genaiconnector.ra.comfyui.files.FileDownload} streams a file and asks for the rest when its transfer breaks.
 */
package org.genaiconnector.ra.comfyui.files;
