package org.genaiconnector.servers;

import java.io.IOException;
import java.nio.file.Path;

/** An application server that takes applications and resource adapters while it runs. */
public interface AdministeredServer extends ManagedServer {

    /**
     * Deploys an archive and waits until it is up. If one of that file name is deployed, it is replaced.
     *
     * @param archive RAR, WAR or EAR; its name without the extension becomes the name of the deployment
     * @throws IOException if the application server refuses it; the message has the reason from its log
     */
    void deploy(Path archive) throws IOException, InterruptedException;

    /**
     * Undeploys an archive and waits until it is gone.
     *
     * @param name file name of the archive, with its extension
     * @throws IOException if the application server refuses
     */
    void undeploy(String name) throws IOException, InterruptedException;
}
