package org.genaiconnector.testkit.cloud;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The files of the account. */
final class Assets {
    private final Map<String, Asset> all = new ConcurrentHashMap<>();
    private final Storage storage;

    Assets(Storage storage) {
        this.storage = storage;
    }

    Asset add(Asset asset) {
        all.put(asset.id(), asset);
        return asset;
    }

    Asset find(String id) throws Refused {
        Asset found = all.get(id);
        if (found == null) {
            throw Refused.notFound("asset " + id);
        }
        return found;
    }

    boolean has(String id) {
        return all.containsKey(id);
    }

    boolean hasContent(String hash) {
        return all.values().stream().anyMatch(asset -> asset.hash().equals(hash));
    }

    /** The outputs of a job come and go with it, but uploads can be deleted. */
    void delete(String id) throws Refused {
        if (find(id).jobId() != null) {
            throw new Refused(409, "asset_in_use", "The asset cannot be deleted while it is in use");
        }
        all.remove(id);
    }

    /** Of an upload: 201 for new content, 200 for content that is known. */
    Reply created(Asset asset) {
        boolean isNew = !hasContent(asset.hash());
        add(asset);
        return Reply.json(isNew ? 201 : 200, describe(asset).put("created_new", isNew));
    }

    ObjectNode describe(Asset asset) {
        ObjectNode json = Reply.object()
                .put("id", asset.id())
                .put("hash", asset.hash())
                .put("size_bytes", (long) asset.content().length)
                .put("content_type", asset.contentType())
                .put("file_path", asset.path())
                .put("created_at", now())
                .put("url", storage.sign(asset))
                .put("url_expires_at", inAnHour());
        if (asset.jobId() != null) {
            json.put("job_id", asset.jobId());
        }
        return json;
    }

    /** As a part of a job. */
    ObjectNode describeOutput(Asset asset, String node, String type) {
        return Reply.object()
                .put("node_id", node)
                .put("name", asset.path())
                .put("type", type)
                .put("content_type", asset.contentType())
                .put("size_bytes", (long) asset.content().length)
                .put("id", asset.id())
                .putNull("hash")
                .put("url", storage.sign(asset))
                .put("url_expires_at", inAnHour())
                .put("job_id", asset.jobId());
    }

    /** The content is elsewhere. */
    Reply content(Asset asset) {
        return new Reply(302, Map.of("Location", storage.sign(asset)), "text/plain", new byte[0]);
    }

    List<Asset> list() {
        return List.copyOf(all.values());
    }

    static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }

    static String inAnHour() {
        return Instant.now()
                .plus(1, ChronoUnit.HOURS)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }
}
