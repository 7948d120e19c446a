package org.genaiconnector.ivt.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.WorkflowTemplate;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.servers.GlassFishServer;
import org.genaiconnector.servers.Jvm;
import org.genaiconnector.servers.LibertyServer;
import org.genaiconnector.servers.Listeners;
import org.genaiconnector.servers.ManagedServer;
import org.genaiconnector.servers.MicroServer;
import org.genaiconnector.servers.WildFlyServer;
import org.genaiconnector.testkit.FreePort;

/** An application server that is supported, and how to get the installation verification test onto it. */
enum TestedServer {
    PAYARA_MICRO_6("Payara Micro 6", 17) {
        @Override
        ManagedServer start(Jvm jvm) throws IOException, InterruptedException {
            return micro("payara-micro-6", jvm);
        }
    },
    // from 25 on its OSGi framework takes no bundle: "missing requirement osgi.ee"
    GLASSFISH_7("GlassFish 7", 17, 24) {
        @Override
        ManagedServer start(Jvm jvm) throws IOException, InterruptedException {
            return glassFish("glassfish-7", jvm);
        }
    },
    WILDFLY_39("WildFly 39", 17) {
        @Override
        ManagedServer start(Jvm jvm) throws IOException, InterruptedException {
            WildFlyServer server = WildFlyServer.start(
                    Archives.home("wildfly"), Archives.work("wildfly"), jvm, Listeners.free(), "standalone-full.xml");
            // an idle thread remembers its last work, and with it an adapter; so idle threads end
            for (String attribute : List.of(
                    "\"allow-core-timeout\", \"value\": true",
                    "\"keepalive-time\", \"value\": {\"time\": 1, \"unit\": \"SECONDS\"}")) {
                server.operation("{\"operation\": \"write-attribute\", \"name\": " + attribute
                        + ", \"address\": [\"subsystem\", \"jca\","
                        + " \"workmanager\", \"default\", \"short-running-threads\", \"default\"]}");
            }
            return server;
        }
    },
    OPEN_LIBERTY_26("Open Liberty 26", 17) {
        @Override
        ManagedServer start(Jvm jvm) throws IOException, InterruptedException {
            LibertyServer server = LibertyServer.start(
                    Archives.home("open-liberty"), Archives.work("open-liberty"), jvm, Listeners.free(), FEATURES);
            server.configure("ivt-bean", """
                    <activationSpec id="genai-connector-ivt/genai-connector-ivt-ejb/JobEndBean">
                      <properties.genai-connector-ivt.genai-connector/>
                    </activationSpec>""");
            return server;
        }
    },
    PAYARA_MICRO_7("Payara Micro 7", 21) {
        @Override
        ManagedServer start(Jvm jvm) throws IOException, InterruptedException {
            return micro("payara-micro-7", jvm);
        }
    },
    GLASSFISH_8("GlassFish 8", 21) {
        @Override
        ManagedServer start(Jvm jvm) throws IOException, InterruptedException {
            return glassFish("glassfish-8", jvm);
        }
    };

    /** All that the installation verification test needs of Open Liberty. */
    private static final List<String> FEATURES =
            List.of("connectors-2.1", "mdb-4.0", "enterpriseBeansLite-4.0", "servlet-6.0", "jsonp-2.1", "jndi-1.0");

    private final String title;
    private final int oldestJdk;
    private final int newestJdk;

    TestedServer(String title, int oldestJdk) {
        this(title, oldestJdk, Integer.MAX_VALUE);
    }

    TestedServer(String title, int oldestJdk, int newestJdk) {
        this.title = title;
        this.oldestJdk = oldestJdk;
        this.newestJdk = newestJdk;
    }

    /** Name and major version. */
    String title() {
        return title;
    }

    /** Feature version of the oldest JDK that it runs on. */
    int oldestJdk() {
        return oldestJdk;
    }

    /** Feature version of the newest JDK that it runs on; {@link Integer#MAX_VALUE} if it may run on all. */
    int newestJdk() {
        return newestJdk;
    }

    /** Whether this run is for it: always, unless {@code -Dserver=} gives the beginning of other names. */
    boolean isWanted() {
        return name().startsWith(System.getProperty("server", ""));
    }

    /**
     * How many class loaders of undeployed adapters it may keep. GlassFish keeps one of each deployment: by classes that its HK2 has
     * inspected, by its threads for session beans, by its ORB.
     */
    int kept() {
        return this == GLASSFISH_7 || this == GLASSFISH_8 ? Integer.MAX_VALUE : 0;
    }

    /** Starts it; Payara Micro with the installation verification test on it, the others ready for its EAR. */
    abstract ManagedServer start(Jvm jvm) throws IOException, InterruptedException;

    private static ManagedServer glassFish(String product, Jvm jvm) throws IOException, InterruptedException {
        return GlassFishServer.start(Archives.home(product), Archives.work(product), jvm, Listeners.free());
    }

    private static ManagedServer micro(String product, Jvm jvm) throws IOException, InterruptedException {
        Path work = Files.createDirectories(Archives.work(product));
        Path workflow = Files.writeString(work.resolve("template.json"), Installed.TEMPLATE);
        List<String> commands = Stream.of(
                        Stream.of("deploy --name=genai-connector " + Archives.RAR),
                        pool(
                                "comfyui",
                                ComfyUiConnectionFactory.class,
                                "serverUrl=http\\://127.0.0.1\\:" + FreePort.reserve()),
                        pool(
                                "llm",
                                LlmConnectionFactory.class,
                                "provider=LOCAL:model=ivt:serverUrl=http\\://127.0.0.1\\:" + FreePort.reserve()
                                        + "/v1"),
                        Stream.of(
                                "create-admin-object --raname=genai-connector --restype="
                                        + WorkflowTemplate.class.getName() + " --property=workflowFile=" + workflow
                                        + ":parameters=value\\=number.value eis/genai/ivt-template",
                                "deploy --name=genai-connector-ivt --contextroot=genai-connector-ivt " + Archives.WAR))
                .flatMap(lines -> lines)
                .toList();
        String[] options = Stream.concat(
                        jvm.options().stream(),
                        Stream.of("-Dgenai.ivt.simulators=true", "-Dgenai.ivt.maximum=" + Installed.MAXIMUM))
                .toArray(String[]::new);
        return MicroServer.start(Archives.archive(product + ".jar"), work, jvm.with(options), commands, IvtClient.PAGE);
    }

    private static Stream<String> pool(String name, Class<?> factory, String properties) {
        return Stream.of(
                "create-connector-connection-pool --raname=genai-connector --connectiondefinition=" + factory.getName()
                        + " --steadypoolsize=0 --maxpoolsize=" + Installed.MAXIMUM + " --isconnectvalidatereq=true"
                        + " --property=retryDelayMillis=100:circuitFailures=0:" + properties + " genai/" + name,
                "create-connector-resource --poolname=genai/" + name + " eis/genai/" + name);
    }
}
