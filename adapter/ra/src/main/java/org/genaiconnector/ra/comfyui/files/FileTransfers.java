package org.genaiconnector.ra.comfyui.files;

import java.util.OptionalLong;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.DownloadOptions;
import org.genaiconnector.comfyui.ServerFile;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.ra.http.OpenAnswer;

/** The files of a backend: what a connection does with them. The methods are those of the connection handle. */
public interface FileTransfers {
    /**
     * Opens a file.
     *
     * @param rest by which the rest is asked for when the transfer breaks
     */
    Download download(ServerFile file, DownloadOptions options, FileDownload.Source rest) throws GenAiException;

    /** The answer to a request for a file or its rest. */
    OpenAnswer open(FileRequest request) throws GenAiException;

    OptionalLong sizeOf(ServerFile file) throws GenAiException;

    UploadedFile uploadImage(Upload upload) throws GenAiException;

    UploadedFile uploadMask(Upload mask, ServerFile original) throws GenAiException;
}
