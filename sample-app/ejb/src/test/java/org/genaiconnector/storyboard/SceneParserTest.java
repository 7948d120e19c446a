package org.genaiconnector.storyboard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SceneParserTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A boat.\nA storm.\nAn island.",
                "1. A boat.\n2. A storm.\n3. An island.",
                "1) A boat.\n\n2) A storm.\n\n3) An island.\n",
                "- A boat.\n- A storm.\n- An island.",
                "* A boat.\n* A storm.\n* An island.",
                "• A boat.\n• A storm.\n• An island.",
                "Scene 1: A boat.\nScene 2: A storm.\nScene 3: An island.",
                "**Scene 1:** A boat.\n**Scene 2:** A storm.\n**Scene 3:** An island.",
                "### Scene 1\nA boat.\n### Scene 2\nA storm.\n### Scene 3\nAn island.",
                "Here are your scenes:\n1. A boat.\n2. A storm.\n3. An island.\nI hope you like them!",
                "Here are your scenes:\nA boat.\nA storm.\nAn island.",
                "```\n1. A boat.\n2. A storm.\n3. An island.\n```",
                "[\"A boat.\", \"A storm.\", \"An island.\"]",
                "```json\n[\"A boat.\", \"A storm.\", \"An island.\"]\n```",
                "<think>Three scenes.\n1. Hm.</think>1. A boat.\r\n2. A storm.\r\n3. An island.",
                "\"A boat.\"\n“A storm.”\n'An island.'",
                "A boat. A storm. An island.",
                "1. A boat.\n2. A storm.\n3. An island.\n4. A whale.",
            })
    void findsTheScenesInWhateverFormTheModelWritesThem(String answer) {
        assertThat(SceneParser.parse(answer, 3)).containsExactly("A boat.", "A storm.", "An island.");
    }

    @Test
    void spreadsSentencesEvenlyInOrder() {
        assertThat(SceneParser.parse("One is here. Two is here. Three is here. Four is here. Five is here.", 2))
                .containsExactly("One is here. Two is here.", "Three is here. Four is here. Five is here.");
    }

    @Test
    void keepsNumbersThatBelongToTheScene() {
        assertThat(SceneParser.parse("1. 12 ships sail at 5 o'clock.\n2. 3 come back.", 2))
                .containsExactly("12 ships sail at 5 o'clock.", "3 come back.");
    }

    @Test
    void removesEmphasisInsideAScene() {
        assertThat(SceneParser.parse("1. **The letter** is a map.", 1)).containsExactly("The letter is a map.");
    }

    @Test
    void returnsWhatThereIsIfTheModelWroteTooLittle() {
        assertThat(SceneParser.parse("1. A boat.", 3)).containsExactly("A boat.");
        assertThat(SceneParser.parse("  \n", 3)).isEmpty();
        assertThat(SceneParser.parse("[1, 2]", 3)).hasSizeLessThan(3);
    }
}
