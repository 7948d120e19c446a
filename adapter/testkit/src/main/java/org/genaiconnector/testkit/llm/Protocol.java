package org.genaiconnector.testkit.llm;

import java.io.IOException;
import org.genaiconnector.testkit.llm.Routes.Action;

/** One of the two protocols, as the gates that a request passes. Each may stop it with a {@link Refusal}. */
interface Protocol {
    /** Sets the headers that every answer has, also a refusal. */
    void headers(Call call);

    /** Lets in or refuses. */
    void authenticate(Call call);

    /** What answers the call; refuses unknown paths and methods. */
    Action action(Call call);

    /** Says what is wrong in the protocol's words. */
    void refuse(Call call, Refusal refusal) throws IOException;
}
