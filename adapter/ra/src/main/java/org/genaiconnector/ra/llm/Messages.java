package org.genaiconnector.ra.llm;

import java.util.List;
import java.util.Optional;
import org.genaiconnector.llm.CachePoint;
import org.genaiconnector.llm.ChatMessage;
import org.genaiconnector.llm.ContentPart;
import org.genaiconnector.llm.ImagePart;
import org.genaiconnector.llm.ProviderData;
import org.genaiconnector.llm.Role;
import org.genaiconnector.llm.TextPart;
import org.genaiconnector.ra.json.JsonWriter;

/** What all dialects ask of messages and make of answers. */
final class Messages {

    private Messages() {}

    /** Whether a message consists of text only, which every protocol takes as a plain string. Cache points do not count. */
    static boolean isText(ChatMessage message) {
        for (ContentPart part : message.parts()) {
            if (!(part instanceof TextPart || part instanceof CachePoint)) {
                return false;
            }
        }
        return true;
    }

    /** The beginning of the address of bytes in a request. */
    static String dataUrl(String mediaType) {
        return "data:" + mediaType + ";base64,";
    }

    /** A turn of the model, which has at least one part even if the model said nothing. */
    static ChatMessage assistant(List<ContentPart> parts, Optional<ProviderData> data) {
        return new ChatMessage(Role.ASSISTANT, parts.isEmpty() ? List.of(new TextPart("")) : parts, data);
    }

    /** Writes where a picture is: its address, or itself. */
    static void url(JsonWriter json, ImagePart image) {
        image.address()
                .ifPresentOrElse(
                        address -> json.value(address.toString()),
                        () -> json.base64(
                                dataUrl(image.mediaType()), image.data().orElseThrow()));
    }
}
