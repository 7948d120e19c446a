package org.genaiconnector.storyboard.tests.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the scripts of all application servers do without one: all that of Open Liberty does, and the refusal of wrong input. */
class ScriptsTest {

    private static final String LIBERTY = "open-liberty/configure.sh";

    @TempDir
    private Path server;

    private Map<String, String> environment(Map<String, String> more) throws IOException {
        Files.writeString(server.resolve("server.xml"), "<server/>");
        Map<String, String> environment = new HashMap<>(Map.of(
                "LIBERTY_SERVER",
                server.toString(),
                "JBOSS_CLI",
                "true",
                "ASADMIN",
                "true",
                "GENAI_RAR",
                Files.writeString(server.resolve("new.rar"), "version 1").toString()));
        environment.putAll(more);
        return environment;
    }

    private Script liberty(Map<String, String> more, String... options) throws IOException, InterruptedException {
        Script run = Script.run(LIBERTY, environment(more), options);
        assertThat(run.status()).as(run.output()).isZero();
        return run;
    }

    /** Name and content of each file. */
    private Map<String, String> files() throws IOException {
        try (Stream<Path> files = Files.walk(server)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("new.rar") && !file.endsWith("server.xml"))
                    .collect(Collectors.toMap(
                            file -> server.relativize(file).toString(), ScriptsTest::read, (a, b) -> a, TreeMap::new));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void openLibertyGetsTheAdapterItsConfigurationAndTheValues() throws Exception {
        liberty(Map.of("COMFYUI_URL", "http://gpu-box:8188", "LLM_PROVIDER", "OPENAI", "LLM_API_KEY", "a key"));

        assertThat(files())
                .containsOnlyKeys(
                        "configDropins/overrides/genai-connector.xml",
                        "genai-connector.rar",
                        "variables/comfyui.url",
                        "variables/llm.api.key",
                        "variables/llm.provider")
                .containsEntry("variables/comfyui.url", "http://gpu-box:8188")
                .containsEntry("variables/llm.api.key", "a key");
        assertThat(Files.getPosixFilePermissions(server.resolve("variables/llm.api.key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void openLibertyIsNotTouchedByASecondRun() throws Exception {
        Map<String, String> values = Map.of("LLM_PROVIDER", "LOCAL", "LLM_URL", "http://gpu-box:11434/v1");
        liberty(values);
        Map<String, String> before = files();
        Map<String, Object> touched = new TreeMap<>();
        for (String file : before.keySet()) {
            touched.put(file, Files.readAttributes(server.resolve(file), "unix:ino,ctime"));
        }

        liberty(values);
        liberty(Map.of());

        assertThat(files()).isEqualTo(before);
        for (String file : before.keySet()) {
            assertThat(Files.readAttributes(server.resolve(file), "unix:ino,ctime"))
                    .as(file)
                    .isEqualTo(touched.get(file));
        }
    }

    @Test
    void openLibertySendsNoKeyToAnotherProvider() throws Exception {
        liberty(Map.of("LLM_PROVIDER", "OPENAI", "LLM_MODEL", "gpt-4.1-mini", "LLM_API_KEY", "a key"));

        liberty(Map.of("LLM_PROVIDER", "ANTHROPIC"));

        assertThat(files())
                .containsEntry("variables/llm.provider", "ANTHROPIC")
                .doesNotContainKeys("variables/llm.model", "variables/llm.api.key");
    }

    @Test
    void openLibertyIsSaidToNeedARestartForAnotherVersion() throws Exception {
        assertThat(liberty(Map.of()).output()).doesNotContain("workarea");
        Path other = Files.writeString(Files.createTempFile(server, "new", ".rar"), "version 2");

        assertThat(liberty(Map.of("GENAI_RAR", other.toString())).output()).contains("workarea");

        assertThat(files()).containsEntry("genai-connector.rar", "version 2");
    }

    @Test
    void openLibertyIsLeftAsItWas() throws Exception {
        liberty(Map.of("COMFYUI_URL", "http://gpu-box:8188", "COMFYUI_API_KEY", "a key"));

        liberty(Map.of(), "--remove");

        assertThat(files()).isEmpty();
        liberty(Map.of(), "--remove");
    }

    /** So that a new service is a line in the adapter, and none in the scripts. */
    @Test
    void everyServiceOfTheReferenceIsTaken() throws Exception {
        List<String> services = Pattern.compile("(?m)^\\| `([A-Z_]+)` \\|")
                .matcher(read(Script.file("../docs/reference.md")))
                .results()
                .map(found -> found.group(1))
                .toList();

        assertThat(services).contains("OPENAI", "LOCAL", "LLAMA_CPP");
        for (String service : services) {
            assertThat(liberty(Map.of("LLM_PROVIDER", service)).output()).contains("configured");
        }
        assertThat(Script.run("wildfly/configure.sh", environment(Map.of("LLM_PROVIDER", services.get(1))))
                        .output())
                .contains("configured");
    }

    /** A script that was copied without the documentation. */
    @Test
    void aServiceIsNotCheckedWhereTheReferenceIsMissing() throws Exception {
        Path copy = Files.createDirectory(server.resolve("copy"));
        for (String file : List.of("configure.sh", "genai-connector.xml")) {
            Files.copy(Script.file("open-liberty").resolve(file), copy.resolve(file));
        }

        Script run = Script.run(copy.resolve("configure.sh").toString(), environment(Map.of("LLM_PROVIDER", "NEW")));

        assertThat(run.status()).as(run.output()).isZero();
        assertThat(files()).containsEntry("variables/llm.provider", "NEW");
    }

    @ParameterizedTest
    @CsvSource({
        "open-liberty, LIBERTY_SERVER, '', name the directory with server.xml",
        "open-liberty, LIBERTY_SERVER, /nowhere, /nowhere has no server.xml",
        "open-liberty, GENAI_RAR, /nowhere.rar, /nowhere.rar is missing",
        "open-liberty, COMFYUI_URL, gpu-box:8188, 'COMFYUI_URL must begin with http:// or https://, not \"gpu-box:8188\"'",
        "open-liberty, LLM_URL, nonsense, 'LLM_URL must begin with http:// or https://, not \"nonsense\"'",
        "open-liberty, LLM_PROVIDER, openai, 'LLM_PROVIDER may be OPENAI, ANTHROPIC, LOCAL or another name in docs/reference.md, not \"openai\"'",
        "wildfly, JBOSS_CLI, /nowhere, /nowhere is missing: name the jboss-cli.sh of WildFly with JBOSS_CLI",
        "wildfly, GENAI_RAR, /nowhere.rar, /nowhere.rar is missing",
        "wildfly, COMFYUI_URL, gpu-box:8188, 'COMFYUI_URL must begin with http:// or https://, not \"gpu-box:8188\"'",
        "wildfly, LLM_URL, nonsense, 'LLM_URL must begin with http:// or https://, not \"nonsense\"'",
        "wildfly, LLM_PROVIDER, openai, 'LLM_PROVIDER may be OPENAI, ANTHROPIC, LOCAL or another name in docs/reference.md, not \"openai\"'",
        "wildfly, GENAI_POOLS, lmm, 'GENAI_POOLS may name comfyui and llm, not \"lmm\"'",
        "wildfly, GENAI_NAME, a b, 'GENAI_NAME may have letters, digits, _ and -, not \"a b\"'",
        "wildfly, GENAI_KEYS, plain, 'GENAI_KEYS may be encrypted or environment, not \"plain\"'",
        "glassfish, ASADMIN, /nowhere, /nowhere is missing: name the asadmin of the application server with ASADMIN",
        "glassfish, GENAI_RAR, /nowhere.rar, /nowhere.rar is missing",
        "glassfish, GENAI_POOLS, lmm, 'GENAI_POOLS may name comfyui and llm, not \"lmm\"'",
    })
    void namesTheVariableThatIsWrong(String product, String variable, String value, String message) throws Exception {
        Script refused = Script.run(product + "/configure.sh", environment(Map.of(variable, value)));

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output()).startsWith("configure.sh: ").contains(message);
        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "open-liberty, --remove",
        "wildfly, --redeploy and --remove",
        "glassfish, '--redeploy, --close and --remove'"
    })
    void namesItsOptions(String product, String options) throws Exception {
        Script refused = Script.run(product + "/configure.sh", environment(Map.of()), "--delete");

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output()).contains(options, "not --delete");
    }

    @ParameterizedTest
    @CsvSource({
        "DATABASE_URL, '', 8080, DATABASE_URL is missing",
        "DATABASE_URL, jdbc:postgresql:x, --port, --port is not a port",
        "STORYBOARD_HOME, /nowhere, 8080, /nowhere/storyboard.jar is missing; build it",
    })
    void clusterNamesWhatIsWrong(String variable, String value, String port, String message) throws Exception {
        Files.writeString(server.resolve("storyboard.jar"), "");
        Map<String, String> environment =
                new HashMap<>(Map.of("DATABASE_URL", "jdbc:postgresql:x", "STORYBOARD_HOME", server.toString()));
        environment.put(variable, value);

        Script refused = Script.run("cluster/run.sh", environment, port);

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output()).startsWith("run.sh: ").contains(message);
    }
}
