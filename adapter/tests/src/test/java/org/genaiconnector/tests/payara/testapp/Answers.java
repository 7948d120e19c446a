package org.genaiconnector.tests.payara.testapp;

import jakarta.resource.ResourceException;
import jakarta.ws.rs.core.Response;

/** Responses to a test: the result of a call as text; a failure has status 500. */
public final class Answers {

    private Answers() {}

    @FunctionalInterface
    interface Call {
        String make() throws ResourceException;
    }

    static Response of(Call call) {
        try {
            return Response.ok(call.make()).build();
        } catch (ResourceException e) {
            return Response.serverError().entity(e.toString()).build();
        }
    }
}
