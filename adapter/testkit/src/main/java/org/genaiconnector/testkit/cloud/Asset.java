package org.genaiconnector.testkit.cloud;

import java.util.UUID;

/**
 * A file of the account.
 *
 * @param path file name, perhaps with folders
 * @param jobId of the job that has put it out; null for an upload
 */
record Asset(String id, String path, String contentType, byte[] content, String jobId) {

    static Asset of(String path, String contentType, byte[] content, String jobId) {
        return new Asset(UUID.randomUUID().toString(), path, contentType, content, jobId);
    }

    /** Of its content; the real one is of another kind. */
    String hash() {
        return "blake3:" + UUID.nameUUIDFromBytes(content).toString().replace("-", "");
    }

    /** The name under which the ComfyUI behind has it. */
    String nameBehind() {
        return id + "-" + path.replace('/', '-');
    }
}
