/** A small application that authenticates its callers; the container signs on to the LLM service for them. */
package org.genaiconnector.tests.server.signon;
