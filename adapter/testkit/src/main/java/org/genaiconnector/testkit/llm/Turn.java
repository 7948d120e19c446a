package org.genaiconnector.testkit.llm;

/**
 * One message of a conversation, reduced to its text.
 *
 * @param role system, user, assistant or tool
 */
record Turn(String role, String text) {
    static final String SYSTEM = "system";
    static final String USER = "user";
    static final String TOOL = "tool";

    boolean is(String wanted) {
        return role.equals(wanted);
    }
}
