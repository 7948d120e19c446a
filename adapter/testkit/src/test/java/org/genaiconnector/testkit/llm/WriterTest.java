package org.genaiconnector.testkit.llm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the simulator says, asked over the wire. */
@Timeout(30)
class WriterTest {
    private static final String IDEA = "A lighthouse keeper befriends a whale";

    private final LlmSimulator simulator = LlmSimulator.start();
    private final LlmClient client = new LlmClient(simulator);

    @AfterEach
    void stop() {
        simulator.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Write 4 scenes for a story. One vivid sentence per scene, one per line. Idea: %s",
                "Write exactly four vivid sentences, one per line, each a scene for a painter.\n\nStory idea: %s.",
                "You are a storyboard writer. Give me 4 short illustrated scenes about %s",
                "Turn this into 4 scenes: \"%s\""
            })
    void writesAsManyDifferentScenesAsAskedEachWithTheIdea(String request) throws Exception {
        List<String> scenes = client.say(request.formatted(IDEA)).lines().toList();
        assertThat(scenes).hasSize(4).doesNotHaveDuplicates().allMatch(scene -> scene.contains(IDEA));
        assertThat(scenes).allMatch(scene -> scene.endsWith(".") && scene.indexOf('.') == scene.length() - 1);
    }

    @Test
    void writesOneSceneForOnePicture() throws Exception {
        assertThat(client.say("One vivid sentence for a painter: " + IDEA))
                .contains(IDEA)
                .doesNotContain("\n");
    }

    @Test
    void findsTheNumberInTheSystemPromptAndTheIdeaInTheUsersWords() throws Exception {
        JsonNode body =
                client.chat("{'model':'m','messages':[{'role':'system','content':'Write 3 scenes, one per line.'},"
                        + "{'role':'user','content':'" + IDEA + "'}]}");
        assertThat(body.at("/choices/0/message/content").asText().lines())
                .hasSize(3)
                .allMatch(scene -> scene.contains(IDEA));
    }

    @Test
    void numbersTheLinesIfAskedAndIsNotMisledByTheNumberOfSentences() throws Exception {
        JsonNode body = client.chat("{'model':'m','messages':[{'role':'system','content':'You write storyboards. Every "
                + "scene is one or two vivid sentences that a painter could paint.'},{'role':'user','content':'Write a "
                + "story in exactly 4 scenes, one scene per line, numbered, and nothing else. The idea: " + IDEA
                + "'}]}");
        List<String> lines =
                body.at("/choices/0/message/content").asText().lines().toList();
        assertThat(lines).hasSize(4).allMatch(line -> line.contains(": " + IDEA + ","));
        assertThat(lines.get(3)).startsWith("4. ");
    }

    @Test
    void neverRepeatsAScene() {
        List<String> scenes = Scenes.write("x", 50, 3);
        assertThat(new HashSet<>(scenes)).hasSize(50);
    }

    @Test
    void saysTheSameToTheSameRequest() throws Exception {
        String request = "Write 5 scenes. Idea: " + IDEA;
        assertThat(client.say(request)).isEqualTo(client.say(request));
        assertThat(client.say("the moon")).isEqualTo(client.say("the moon")).isNotEqualTo(client.say("the sea"));
    }

    @Test
    void theSeedCountsUnlessTheTemperatureIsZero() throws Exception {
        String request = "{'model':'m','messages':[{'role':'user','content':'tea'}],'seed':%d%s}";
        String text = "/choices/0/message/content";
        assertThat(client.chat(request.formatted(1, "")).at(text))
                .isNotEqualTo(client.chat(request.formatted(2, "")).at(text));
        assertThat(client.chat(request.formatted(1, ",'temperature':0")).at(text))
                .isEqualTo(client.chat(request.formatted(2, ",'temperature':0")).at(text));
    }

    @Test
    void echoesTheTopic() throws Exception {
        assertThat(client.say("What is the capital of Norway?")).contains("the capital of Norway");
    }

    @Test
    void repeatsWordsThatAreToBeSaidExactly() throws Exception {
        assertThat(client.say("Reply with exactly: pong 42")).isEqualTo("pong 42");
    }

    @Test
    void writesTheJsonThatTheWordsAskFor() throws Exception {
        JsonNode array = LlmClient.json(client.say(
                "Return a JSON array of 3 objects with the keys \"title\" and \"text\", one per scene. Idea: " + IDEA));
        assertThat(array)
                .hasSize(3)
                .allMatch(scene -> scene.size() == 2 && scene.path("title").isTextual());
        assertThat(array.get(0)).isNotEqualTo(array.get(1));
        JsonNode strings = LlmClient.json(client.say("Answer with a JSON array of 4 strings, the scenes of: " + IDEA));
        assertThat(strings).hasSize(4).allMatch(JsonNode::isTextual);
        assertThat(LlmClient.json(client.say("Describe tea as a JSON object")).isObject())
                .isTrue();
    }

    @Test
    void writesJsonThatIsValidForASchema() throws Exception {
        String schema = """
                {'type':'object','required':['scenes','mood','score','rating','tags','when','node'],'properties':{
                'scenes':{'type':'array','minItems':2,'maxItems':2,'items':{'type':'string','maxLength':30}},
                'mood':{'enum':['dark','bright']},'score':{'type':'integer','minimum':5,'maximum':9},
                'rating':{'type':['number','null'],'exclusiveMinimum':1},
                'tags':{'type':'array','items':{'anyOf':[{'type':'string','minLength':80},{'type':'null'}]}},
                'when':{'type':'string','format':'date-time'},'kind':{'const':'story'},
                'node':{'$ref':'#/$defs/node'}},
                '$defs':{'node':{'type':'object','properties':{'next':{'$ref':'#/$defs/node'}}}}}""";
        JsonNode body = client.chat("{'model':'m','messages':[{'role':'user','content':'a bright story'}],"
                + "'response_format':{'type':'json_schema','json_schema':{'name':'s','schema':" + schema + "}}}");
        JsonNode json = LlmClient.json(body.at("/choices/0/message/content").asText());
        assertThat(json.path("scenes"))
                .hasSize(2)
                .allMatch(scene -> scene.asText().length() <= 30);
        assertThat(json.path("mood").asText()).isEqualTo("bright");
        assertThat(json.path("score").isInt()).isTrue();
        assertThat(json.path("score").asInt()).isBetween(5, 9);
        assertThat(json.path("rating").asDouble()).isGreaterThan(1);
        assertThat(json.path("tags")).allMatch(tag -> tag.asText().length() >= 80);
        assertThat(Instant.parse(json.path("when").asText())).isNotNull();
        assertThat(json.path("kind").asText()).isEqualTo("story");
        assertThat(json.path("node").isObject()).isTrue();
    }
}
