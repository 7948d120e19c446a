/** A small application that knows who calls, and leaves it to the container to sign on to the LLM service for them. */
package org.genaiconnector.tests.server.office;
