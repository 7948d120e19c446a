package org.genaiconnector.langchain4j;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import java.util.List;
import java.util.Set;

/** What both chat models are made of. */
record ChatSettings(
        Pool pool,
        ConnectorChatRequestParameters parameters,
        boolean strictJsonSchema,
        Set<Capability> capabilities,
        List<ChatModelListener> listeners) {}
