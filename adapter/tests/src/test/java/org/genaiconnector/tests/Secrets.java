package org.genaiconnector.tests;

import java.util.List;

/** Every secret that the tests of this module give to an application server; no log may contain one. */
public final class Secrets {
    /** The key that LLM services accept. */
    public static final String KEY = "sk-right-8c1f0a5e2b7d";

    /** A key that they refuse. */
    public static final String WRONG_KEY = "sk-wrong-41d9be7703c6";

    /** A key that the container signs on with for a caller. */
    public static final String ALICES_KEY = "sk-alice-b05de12f7a94";

    /** A key that the container signs on with for a group. */
    public static final String EDITORS_KEY = "sk-editors-6e3c90d1ab58";

    /** All of them. */
    public static final List<String> ALL = List.of(KEY, WRONG_KEY, ALICES_KEY, EDITORS_KEY);

    private Secrets() {}
}
