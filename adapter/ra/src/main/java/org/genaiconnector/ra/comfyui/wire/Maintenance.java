package org.genaiconnector.ra.comfyui.wire;

import jakarta.json.JsonObjectBuilder;
import jakarta.json.spi.JsonProvider;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.ra.http.HttpCall;
import org.genaiconnector.ra.http.HttpConnection;
import org.genaiconnector.ra.http.HttpResource;
import org.genaiconnector.ra.http.Repeatable;

/** The backend's housekeeping: memory, queue, history. The methods are those of the connection handle. */
public final class Maintenance {
    private static final JsonProvider JSON = JsonProvider.provider();

    private final ComfyUiBackend server;
    private final HttpConnection http;

    public Maintenance(ComfyUiBackend server, HttpConnection http) {
        this.server = server;
        this.http = http;
    }

    public Void unloadModels() throws GenAiException {
        return post(server.free, JSON.createObjectBuilder().add("unload_models", true));
    }

    public Void freeMemory() throws GenAiException {
        return post(
                server.free,
                JSON.createObjectBuilder().add("unload_models", true).add("free_memory", true));
    }

    public Void clearQueue() throws GenAiException {
        return post(server.queue, JSON.createObjectBuilder().add("clear", true));
    }

    public Void deletePending(Collection<String> ids) throws GenAiException {
        return delete(server.queue, ids);
    }

    public Void clearHistory() throws GenAiException {
        return post(server.history, JSON.createObjectBuilder().add("clear", true));
    }

    public Void deleteHistory(Collection<String> ids) throws GenAiException {
        return delete(server.history, ids);
    }

    private Void delete(HttpResource resource, Collection<String> ids) throws GenAiException {
        if (ids.isEmpty()) {
            return null;
        }
        return post(resource, JSON.createObjectBuilder().add("delete", JSON.createArrayBuilder(ids)));
    }

    /** The bodies are mandatory: an empty one makes the backend fail. All may be repeated. */
    private Void post(HttpResource resource, JsonObjectBuilder body) throws GenAiException {
        byte[] json = body.build().toString().getBytes(StandardCharsets.UTF_8);
        return http.call(HttpCall.post(resource, json, Repeatable.ALWAYS), answer -> null);
    }

    public List<JobStatus> history(int maxItems, int offset) throws GenAiException {
        if (maxItems < 1 || offset < 0) {
            throw new IllegalArgumentException(
                    "A page has at least 1 item and an offset that is not negative: " + maxItems + ", " + offset);
        }
        List<JobStatus> page = page(maxItems, offset);
        if (page.isEmpty() || hasPages()) {
            return page;
        }
        List<JobStatus> all = history(server.history);
        return all.stream().skip(offset).limit(maxItems).toList();
    }

    /** Behind the end there is nothing, unless the offset is ignored (before 0.3.60). */
    private boolean hasPages() throws GenAiException {
        if (!server.memory.historyHasPages() && page(1, Integer.MAX_VALUE).isEmpty()) {
            server.memory.learnHistoryHasPages();
        }
        return server.memory.historyHasPages();
    }

    private List<JobStatus> page(int maxItems, int offset) throws GenAiException {
        return history(server.history.query("max_items", maxItems).query("offset", offset));
    }

    private List<JobStatus> history(HttpResource resource) throws GenAiException {
        return http.call(
                HttpCall.get(resource),
                answer -> ComfyUiCodec.history(answer.jsonObject()).stream()
                        .map(server::located)
                        .toList());
    }
}
