package org.genaiconnector.testkit.comfyui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueTest extends LabServer {
    private String submitWith(String more) throws IOException {
        return client.post("/prompt", "{\"prompt\": " + Graphs.TEXT + more + "}")
                .get("prompt_id")
                .textValue();
    }

    private String startEndless() throws IOException {
        String id = client.submit(Graphs.endless());
        client.await("/queue", queue -> queue.get("queue_running").size() == 1);
        return id;
    }

    private List<String> historyIds(String query) throws IOException {
        List<String> ids = new ArrayList<>();
        client.json("/history" + query).fieldNames().forEachRemaining(ids::add);
        return ids;
    }

    @Test
    void runsTheLowestNumberFirstAndTheLatestOfTheFrontJobs() throws IOException {
        String running = startEndless();
        String plain = submitWith("");
        String front = submitWith(", \"front\": true");
        String laterFront = submitWith(", \"front\": true");
        String half = submitWith(", \"number\": 0.5");
        String first = submitWith(", \"number\": \"-1000\"");
        client.send("POST", "/interrupt", "");
        client.awaitEnd(plain);
        assertThat(historyIds("")).containsExactly(running, first, laterFront, front, half, plain);
    }

    @Test
    void cannotOrderTwoPendingJobsOfTheSameNumberAndId() throws IOException {
        startEndless();
        String body = "{\"prompt\": " + Graphs.TEXT
                + ", \"number\": 7, \"prompt_id\": \"3f0d7a52-6a41-4c0e-9d5a-0b1f6f2c7e11\"}";
        assertThat(client.send("POST", "/prompt", body).statusCode()).isEqualTo(200);
        assertThat(client.send("POST", "/prompt", body).statusCode()).isEqualTo(500);
    }

    @Test
    void leavesTheRunningJobAloneWhenTheQueueIsCleared() throws IOException {
        String running = startEndless();
        submitWith("");
        client.send("POST", "/queue", "{\"clear\": true, \"delete\": [\"" + running + "\"]}");
        assertThat(client.json("/prompt").at("/exec_info/queue_remaining").intValue())
                .isEqualTo(1);
    }

    @Test
    void listsStretchesOfTheHistory() throws IOException {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ids.add(submitWith(""));
            client.awaitEnd(ids.get(i));
        }
        assertThat(historyIds("?max_items=2")).isEqualTo(ids.subList(2, 4));
        assertThat(historyIds("?max_items=2&offset=1")).isEqualTo(ids.subList(1, 3));
        assertThat(historyIds("?offset=3")).isEqualTo(ids.subList(3, 4));
        assertThat(client.get("/history?max_items=x").statusCode()).isEqualTo(500);
        client.send("POST", "/history", "{\"clear\": true}");
        assertThat(historyIds("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "status=done, Invalid status value(s): done.",
        "sort_by=name, sort_by must be",
        "sort_order=up, sort_order must be",
        "limit=0, limit must be a positive integer",
        "limit=x, limit must be an integer",
        "offset=x, offset must be an integer"
    })
    void saysWhatIsWrongWithAQueryForJobs(String query, String message) throws IOException {
        var answer = client.get("/api/jobs?" + query);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).startsWith("{\"error\": \"" + message);
    }

    @Test
    void selectsAndPagesJobs() throws IOException {
        String oldest = submitWith(", \"extra_data\": {\"extra_pnginfo\": {\"workflow\": {\"id\": \"w\"}}}");
        client.awaitEnd(oldest);
        client.awaitEnd(submitWith(""));
        String running = startEndless();

        JsonNode page = client.json("/api/jobs?sort_order=asc&limit=1&offset=-3");
        assertThat(page.at("/jobs/0/id").textValue()).isEqualTo(oldest);
        assertThat(page.at("/pagination").toString())
                .isEqualTo("{\"offset\":0,\"limit\":1,\"total\":3,\"has_more\":true}");
        assertThat(client.json("/api/jobs?status=in_progress").at("/jobs/0/id").textValue())
                .isEqualTo(running);
        assertThat(client.json("/api/jobs?workflow_id=w")
                        .at("/pagination/total")
                        .intValue())
                .isEqualTo(1);
    }

    @Test
    void answersNoQuestionForJobsAfterABadPictureInfo() throws IOException {
        String id = client.post(
                        "/prompt", "{\"prompt\": " + Graphs.plain(5) + ", \"extra_data\": {\"extra_pnginfo\": \"x\"}}")
                .get("prompt_id")
                .textValue();
        assertThat(client.awaitEnd(id).at("/status/status_str").textValue()).isEqualTo("error");
        assertThat(client.get("/api/jobs").statusCode()).isEqualTo(500);
    }

    @Test
    void numbersSavedFilesOnWithoutOverwriting() throws IOException {
        for (int i = 1; i <= 3; i++) {
            JsonNode entry = client.awaitEnd(client.submit(Graphs.plain(i)));
            assertThat(entry.at("/outputs/2/images/0/filename").textValue()).isEqualTo("plain_0000" + i + "_.png");
        }
    }
}
