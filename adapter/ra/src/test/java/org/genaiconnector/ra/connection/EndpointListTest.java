package org.genaiconnector.ra.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.genaiconnector.Credentials;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Several addresses in serverUrl")
class EndpointListTest {

    private static List<EndpointSettings> parse(String text) throws PropertyException {
        return EndpointList.parse(text, null);
    }

    @Test
    void readsAllParts() throws Exception {
        assertThat(EndpointList.parse(
                        " http://gpu1:8188/?token=t | name=big |weight=2|tags=gpu=24g;fp8|credentials=KEY1|dialect=CLOUD ,"
                                + " https://gpu2/comfy/|Credentials=KEY2,http://gpu3:8188",
                        "KEY1=secret, KEY2=anna:pass:word"))
                .containsExactly(
                        new EndpointSettings(
                                "big",
                                URI.create("http://gpu1:8188"),
                                "token=t",
                                2,
                                Set.of("gpu=24g", "fp8"),
                                Optional.of(Credentials.apiKey("secret")),
                                Optional.of("CLOUD")),
                        new EndpointSettings(
                                "gpu2/comfy",
                                URI.create("https://gpu2/comfy"),
                                "",
                                1,
                                Set.of(),
                                Optional.of(new Credentials("anna", "pass:word")),
                                Optional.empty()),
                        new EndpointSettings(
                                "gpu3:8188",
                                URI.create("http://gpu3:8188"),
                                "",
                                1,
                                Set.of(),
                                Optional.empty(),
                                Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://host:8188", "http://[::1]:8188/", " https://host/a,b?x=1,2 "})
    @DisplayName("one address is read as ever, also with a comma in it")
    void readsOneAddress(String text) throws Exception {
        ServerUrl url = ServerUrl.parse(text);
        assertThat(parse(text)).containsExactly(EndpointSettings.only(url));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            ~ must be an address such as http://host:8188
            ftp://a ~ must be an address
            http://a,b:8188 ~ must be an address such as http://host:8188
            http://a,http://u:geheim@b ~ is wrong in address 2, which must be an address
            http://a,http://b ,ws://c ~ is wrong in address 3
            http://a,,http://b ~ is wrong in address 1, which must be an address
            http://a,http://b, ~ is wrong in address 2
            http://a:x y,http://b ~ is wrong in address 1
            http://a|name=x,http://b|geheim=geheim ~ unknown part after vertical bar 1 of address 2: there are only name, weight
            http://a|weight=2|geheim ~ unknown part after vertical bar 2 of the address
            http://a|,http://b ~ unknown part after vertical bar 1 of address 1
            http://a|weight=2|weight=3 ~ says the weight of the address twice
            http://a|name= ~ gives an address a name that is blank
            http://a|name=geheim*,http://b ~ gives an address a name that
            http://a|weight=0 ~ has a weight of the address (a) that is not a whole number from 1 to 9999
            http://a,http://b|weight=-1|name=bee ~ has a weight of address 2 (bee) that is not a whole number
            http://a|weight=1.5 ~ is not a whole number from 1 to 9999
            http://a|weight=10000 ~ is not a whole number from 1 to 9999
            http://a|tags=x;;y ~ has tags of the address (a) of which one is blank
            http://a|tags=24 GB ~ or has white space in it
            http://a:80/|name=x,http://A|name=y ~ same address twice: address 2 (y) is that of address 1 (x)
            https://a:443,https://a/ ~ same address twice
            http://a|name=x,http://b|name=x ~ same name twice: address 2 (x) has that of address 1
            http://a|credentials=geheim,http://b ~ credentials for address 1 (a) by a name that is not in serverCredentials, which has none
            """)
    void refusesWrongTextAndShowsNoSecret(String text, String problem) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(
                        PropertyException.class, e -> assertThat(e.property()).isEqualTo("serverUrl"))
                .hasMessageContaining(problem)
                .hasMessageNotContaining("geheim=")
                .hasMessageNotContaining("geheim@")
                .hasMessageNotContaining("geheim*");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
            geheim ~ must look like KEY1=key,KEY2=user:password, but part 1 of it does not
            K1=a,geheim ~ but part 2 of it does not
            K1= ~ but part 1 of it does not
            =geheim ~ but part 1 of it does not
            K1=geheimé€ ~ a character that no HTTP header can carry
            K1=geheim,K1=b ~ has K1 twice
            K1=geheim,K2=b ~ has K2, which no address of serverUrl names as its credentials
            """)
    void refusesWrongCredentials(String credentials, String problem) {
        assertThatThrownBy(() -> EndpointList.parse("http://a|credentials=K1,http://b", credentials))
                .isInstanceOfSatisfying(
                        PropertyException.class, e -> assertThat(e.property()).isEqualTo("serverCredentials"))
                .hasMessageContaining(problem)
                .hasMessageNotContaining("geheim");
    }

    @Test
    void listsTheNamesThatThereAreButNotWhatWasWanted() {
        assertThatThrownBy(() -> EndpointList.parse("http://a|credentials=geheim", "K2=x,K1=y"))
                .hasMessageContaining("by a name that is not in serverCredentials, which has K1, K2")
                .hasMessageNotContaining("geheim");
    }

    @Test
    void onlySomeFactoriesTakeSeveral() {
        LlmManagedConnectionFactory llm = new LlmManagedConnectionFactory();
        llm.setServerUrl("http://a/v1,http://b/v1");
        assertThatThrownBy(() -> llm.createManagedConnection(null, null))
                .hasMessageContaining("Configuration property serverUrl has several addresses");
    }
}
