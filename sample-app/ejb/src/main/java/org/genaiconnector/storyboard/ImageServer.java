package org.genaiconnector.storyboard;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.resource.ResourceException;
import java.net.URI;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.JobQueue;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.SystemStats;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadedFile;

/** Session bean for everything at the ComfyUI server but sending jobs: its files, its queue, its state. */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED) // nothing here can be rolled back
public class ImageServer {

    @Resource(lookup = "java:app/genai/comfyui")
    private ComfyUiConnectionFactory comfyUi;

    /**
     * Address of ComfyUI.
     *
     * @return base address
     */
    public URI address() {
        return comfyUi.server();
    }

    /**
     * Looks at the queue.
     *
     * @return jobs of all clients of ComfyUI
     * @throws ResourceException if ComfyUI cannot be asked
     */
    public JobQueue queue() throws ResourceException {
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
            return connection.getQueue();
        }
    }

    /**
     * Looks at the machine.
     *
     * @return version, memory, devices
     * @throws ResourceException if ComfyUI cannot be asked
     */
    public SystemStats system() throws ResourceException {
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
            return connection.getSystemStats();
        }
    }

    /**
     * Interrupts the running job, also that of another client.
     *
     * @throws ResourceException if ComfyUI cannot be reached
     */
    public void interrupt() throws ResourceException {
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
            connection.interrupt();
        }
    }

    /**
     * Sends an input file.
     *
     * @param upload its content is read, not closed
     * @return where ComfyUI put it
     * @throws ResourceException if ComfyUI cannot be reached or refuses the file
     */
    public UploadedFile upload(Upload upload) throws ResourceException {
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
            return connection.uploadImage(upload);
        }
    }

    /**
     * Opens an output file. Unlike the other methods this one goes on using a connection after its return: until the
     * download is closed.
     *
     * @param file as listed among a job's outputs
     * @return to be closed by the caller, which also gives the connection back
     * @throws ResourceException if the file is gone or ComfyUI cannot be reached
     */
    public Download open(OutputFile file) throws ResourceException {
        return comfyUi.download(file);
    }
}
