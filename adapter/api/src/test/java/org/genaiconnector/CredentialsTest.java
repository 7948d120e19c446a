package org.genaiconnector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CredentialsTest {

    @Test
    void doesNotShowItsSecret() {
        assertThat(Credentials.apiKey("sk-hidden")).asString().doesNotContain("sk-hidden");
        assertThat(new Credentials("me", "hidden")).asString().contains("me").doesNotContain("hidden");
    }

    @Test
    void refusesABlankSecret() {
        assertThatThrownBy(() -> Credentials.apiKey(" ")).hasMessageContaining("secret");
    }
}
