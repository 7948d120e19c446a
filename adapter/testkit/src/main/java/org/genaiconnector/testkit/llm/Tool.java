package org.genaiconnector.testkit.llm;

import com.fasterxml.jackson.databind.JsonNode;

/** A tool offered in a request, with the JSON schema of its arguments. */
record Tool(String name, JsonNode schema) {}
