package org.genaiconnector.storyboard.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.resource.ResourceException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.List;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.Output;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.OutputText;
import org.genaiconnector.comfyui.OutputValue;
import org.genaiconnector.storyboard.ImageServer;
import org.genaiconnector.storyboard.JobBoard;
import org.genaiconnector.storyboard.TrackedJob;

/** {@code /api/jobs/{id}/outputs/{index}}: the bytes that a job has put out, streamed from the ComfyUI server. */
@Path("jobs/{id}/outputs/{index: \\d{1,6}}")
@RequestScoped
public class OutputsResource {

    private static final String TEXT = "text/plain;charset=UTF-8";

    @Inject
    private JobBoard board;

    @Inject
    private ImageServer server;

    @PathParam("id")
    private String id;

    @PathParam("index")
    private int index;

    /** Streams an output; a pooled connection is busy for as long as the client reads a file. */
    @GET
    public Response get() throws ResourceException {
        Output output = find();
        if (output instanceof OutputFile file) {
            Download download = server.open(file);
            return headers(file, download).entity(body(download)).build();
        }
        return textHeaders().entity(((OutputText) output).text()).build();
    }

    /** Tells only the headers; written out because the default would open a download and never close it. */
    @HEAD
    public Response head() throws ResourceException {
        Output output = find();
        if (output instanceof OutputFile file) {
            try (Download download = server.open(file)) {
                return headers(file, download).build();
            }
        }
        return textHeaders().build();
    }

    private Output find() throws ResourceException {
        TrackedJob job = board.find(id).orElseThrow(() -> RequestException.notFound("There is no job " + id));
        if (!job.state().isFinal()) {
            throw RequestException.conflict("The job " + id + " has not ended yet: it is " + job.state());
        }
        List<Output> outputs = job.snapshot().status().outputs();
        if (index >= outputs.size()) {
            throw RequestException.notFound(
                    "The job " + id + " has " + outputs.size() + " outputs; there is none at index " + index);
        }
        return outputs.get(index) instanceof OutputValue value
                ? new OutputText(value.node(), value.kind(), value.value().toString())
                : outputs.get(index);
    }

    private static StreamingOutput body(Download download) {
        return out -> {
            try (download) {
                download.content().transferTo(out);
            }
        };
    }

    /** An output never changes. */
    private static Response.ResponseBuilder headers(OutputFile file, Download download) {
        Response.ResponseBuilder answer = ForeignContent.headers(file.filename(), file.mediaType())
                .header(HttpHeaders.CACHE_CONTROL, "private, max-age=3600");
        download.length().ifPresent(length -> answer.header(HttpHeaders.CONTENT_LENGTH, length));
        return answer;
    }

    private static Response.ResponseBuilder textHeaders() {
        return ForeignContent.headers("output.txt", "text/plain").type(TEXT);
    }
}
