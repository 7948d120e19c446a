package org.genaiconnector.llm;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChatMessageTest {
    private static final ImagePart IMAGE = ImagePart.of("image/png", new byte[1]);
    private static final ToolCall CALL = new ToolCall("a", "weather", "{}");

    @Test
    void takesOnlyPartsThatItsRoleCanSay() {
        refuses(Role.SYSTEM, IMAGE);
        refuses(Role.USER, ToolResult.of(CALL, "rain"));
        refuses(Role.USER, CALL);
        refuses(Role.ASSISTANT, IMAGE);
        refuses(Role.TOOL, new TextPart("rain"));
        assertThatCode(() -> new ChatMessage(
                        Role.ASSISTANT, List.of(new ReasoningPart("hm", Optional.empty()), new TextPart("well"), CALL)))
                .doesNotThrowAnyException();
    }

    private static void refuses(Role role, ContentPart part) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChatMessage(role, List.of(part)))
                .withMessageContainingAll(part.getClass().getSimpleName(), role.name());
    }
}
