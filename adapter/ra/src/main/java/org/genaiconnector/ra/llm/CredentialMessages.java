package org.genaiconnector.ra.llm;

import java.util.regex.Pattern;

/**
 * Cleans what services say with status 401. They repeat the ends of a wrong key, which must not get into a log; but they also
 * say that an organization, a scope or an allowed address is missing, which an administrator has to know.
 */
final class CredentialMessages {
    private static final Pattern ABOUT_THE_KEY = Pattern.compile(
            "\\b(incorrect|invalid|wrong|missing|malformed|expired|revoked|unknown|unable to find|no|not|provide[ds]?)\\b"
                    + "[^.]{0,30}\\b(api[ _-]?keys?|x-api-key|auth\\w*|bearer|tokens?|credentials?)\\b"
                    + "|\\b(api[ _-]?key|x-api-key|authorization|auth token|credentials?|header)\\b[^.]{0,20}"
                    + "\\b(incorrect|invalid|wrong|missing|expired|revoked|required|not (found|valid|provided|exist))\\b"
                    + "|^\\W*(unauthori[sz]ed|authentication (failed|required|error))\\W*$",
            Pattern.CASE_INSENSITIVE);
    /** A key whose middle is masked by asterisks or dots, or its hash. */
    private static final Pattern REMAINS_OF_A_KEY =
            Pattern.compile("[\\w-]*(\\*{2,}|\\w\\.{3,}|\u2026)[\\w*.-]*|\\b[0-9a-fA-F]{32,}\\b");

    private CredentialMessages() {}

    /** The part of a service's message about refused credentials that may be shown. */
    static String shown(String types, String message) {
        if (message.isBlank()
                || types.contains("invalid_api_key")
                || ABOUT_THE_KEY.matcher(message).find()) {
            return "the API key is missing, wrong or revoked";
        }
        return REMAINS_OF_A_KEY.matcher(message).replaceAll("***");
    }
}
