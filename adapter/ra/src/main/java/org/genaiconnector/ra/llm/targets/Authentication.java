package org.genaiconnector.ra.llm.targets;

import java.util.Optional;

/**
 * As whom a target is called.
 *
 * @param credentials name of the credentials in the factory's property: the key, or with {@code tokens} the client's secret; empty
 *     for none
 * @param keyFile path of a file with the key; empty for none
 * @param keyHeader name of the header that carries the key; empty for the provider's own
 * @param tokens where tokens come from that are sent in place of a key; empty for a key
 */
public record Authentication(
        Optional<String> credentials,
        Optional<String> keyFile,
        Optional<String> keyHeader,
        Optional<TokenEndpoint> tokens) {

    /**
     * The token endpoint of an OIDC provider.
     *
     * @param url its address
     * @param clientId who asks there
     * @param scope of the tokens; empty for the client's default
     */
    public record TokenEndpoint(String url, String clientId, Optional<String> scope) {}
}
