package org.genaiconnector.ivt.tests;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.WorkflowTemplate;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.servers.AdministeredServer;
import org.genaiconnector.servers.Asadmin;
import org.genaiconnector.servers.GlassFishServer;
import org.genaiconnector.servers.LibertyServer;
import org.genaiconnector.servers.WildFlyServer;
import org.genaiconnector.testkit.FreePort;

/** The adapter and pools of it on an application server itself, as an administrator installs them, for the WAR. */
final class Installed {
    /** Size of the pools; the same as in the EAR. */
    static final int MAXIMUM = 2;

    /** Parameters of a run. */
    static final String PARAMETERS = "simulators=true&maximum=" + MAXIMUM;

    static final String TEMPLATE = """
            {"1": {"class_type": "PrimitiveInt", "_meta": {"title": "number"}, "inputs": {"value": 0}},
             "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}}}""";

    private static final String ADAPTER = "genai-connector";

    private Installed() {}

    /** The address of an LLM service, at a free port. */
    static String freeAddress() throws IOException {
        return "http://127.0.0.1:" + FreePort.reserve() + "/v1";
    }

    /**
     * Installs the adapter with its pools, and the WAR.
     *
     * @param llmAddress of the LLM service
     */
    static void install(AdministeredServer server, String llmAddress) throws IOException, InterruptedException {
        if (server instanceof GlassFishServer glassFish) {
            install(glassFish, llmAddress);
        } else if (server instanceof WildFlyServer wildFly) {
            install(wildFly, llmAddress);
        } else if (server instanceof LibertyServer liberty) {
            install(liberty, llmAddress);
        } else {
            throw new IllegalArgumentException("No way to install the adapter on " + server);
        }
        server.deploy(Archives.WAR);
    }

    private static Map<String, String> comfyUi() throws IOException {
        return properties(Map.of("serverUrl", "http://127.0.0.1:" + FreePort.reserve()));
    }

    private static Map<String, String> llm(String address) {
        return properties(Map.of("provider", "LOCAL", "model", "ivt", "serverUrl", address));
    }

    private static Map<String, String> properties(Map<String, String> some) {
        Map<String, String> all = new TreeMap<>(some);
        all.put("retryDelayMillis", "100");
        all.put("circuitFailures", "0");
        return all;
    }

    private static void install(GlassFishServer server, String llmAddress) throws IOException, InterruptedException {
        Asadmin asadmin = server.asadmin();
        asadmin.run("set", "configs.config.server-config.connector-service.class-loading-policy=global", Map.of());
        server.deploy(Archives.RAR);
        pool(asadmin, "comfyui", ComfyUiConnectionFactory.class, comfyUi());
        pool(asadmin, "llm", LlmConnectionFactory.class, llm(llmAddress));
        asadmin.run(
                "create-admin-object",
                "eis/genai/ivt-template",
                Map.of(
                        "raname", ADAPTER,
                        "restype", WorkflowTemplate.class.getName(),
                        "property", escaped(Map.of("workflow", TEMPLATE, "parameters", "value=number.value"))));
    }

    private static void pool(Asadmin asadmin, String name, Class<?> factory, Map<String, String> properties)
            throws IOException, InterruptedException {
        asadmin.run(
                "create-connector-connection-pool",
                "genai/" + name,
                Map.of(
                        "raname", ADAPTER,
                        "connectiondefinition", factory.getName(),
                        "steadypoolsize", "0",
                        "maxpoolsize", Integer.toString(MAXIMUM),
                        "property", escaped(properties)));
        asadmin.run("create-connector-resource", "eis/genai/" + name, Map.of("poolname", "genai/" + name));
    }

    /** As {@code asadmin} takes properties. */
    private static String escaped(Map<String, String> properties) {
        StringBuilder text = new StringBuilder();
        properties.forEach((name, value) -> text.append(text.isEmpty() ? "" : ":")
                .append(name)
                .append('=')
                .append(value.replaceAll("[\\\\:=\"]", "\\\\$0").replaceAll("\\s+", " ")));
        return text.toString();
    }

    private static void install(WildFlyServer server, String llmAddress) throws IOException, InterruptedException {
        String adapter = "\"subsystem\", \"resource-adapters\", \"resource-adapter\", \"" + ADAPTER + "\"";
        add(server, adapter, Map.of("archive", ADAPTER + ".rar", "transaction-support", "LocalTransaction"));
        pool(server, adapter, "comfyui", "comfyui.ComfyUiManagedConnectionFactory", comfyUi());
        pool(server, adapter, "llm", "llm.LlmManagedConnectionFactory", llm(llmAddress));
        String template = adapter + ", \"admin-objects\", \"ivt-template\"";
        add(
                server,
                template,
                Map.of(
                        "class-name", "org.genaiconnector.ra.comfyui.WorkflowTemplateImpl",
                        "jndi-name", "java:/eis/genai/ivt-template"));
        addProperties(server, template, Map.of("workflow", TEMPLATE, "parameters", "value=number.value"));
        server.deploy(Archives.RAR);
    }

    private static void pool(
            WildFlyServer server, String adapter, String name, String factory, Map<String, String> properties)
            throws IOException, InterruptedException {
        String pool = adapter + ", \"connection-definitions\", \"" + name + "\"";
        add(
                server,
                pool,
                Map.of(
                        "class-name",
                        "org.genaiconnector.ra." + factory,
                        "jndi-name",
                        "java:/eis/genai/" + name,
                        "max-pool-size",
                        Integer.toString(MAXIMUM),
                        // for a key per call
                        "security-application",
                        Boolean.toString(name.equals("llm"))));
        addProperties(server, pool, properties);
    }

    private static void addProperties(WildFlyServer server, String address, Map<String, String> properties)
            throws IOException, InterruptedException {
        for (Map.Entry<String, String> property : properties.entrySet()) {
            add(
                    server,
                    address + ", \"config-properties\", \"" + property.getKey() + "\"",
                    Map.of("value", property.getValue()));
        }
    }

    private static void add(WildFlyServer server, String address, Map<String, String> attributes)
            throws IOException, InterruptedException {
        StringBuilder json = new StringBuilder("{\"operation\": \"add\", \"address\": [" + address + "]");
        attributes.forEach((name, value) -> json.append(", \"" + name + "\": \""
                + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ") + "\""));
        server.operation(json.append('}').toString());
    }

    private static void install(LibertyServer server, String llmAddress) throws IOException, InterruptedException {
        server.deploy(Archives.RAR);
        server.configure(
                "pools",
                pool("comfyui", "ComfyUiConnectionFactory", comfyUi())
                        + pool("llm", "LlmConnectionFactory", llm(llmAddress))
                        + "<adminObject jndiName=\"eis/genai/ivt-template\"><properties." + ADAPTER
                        + attributes(Map.of("workflow", TEMPLATE, "parameters", "value=number.value"))
                        + "/></adminObject>\n<activationSpec id=\"genai-connector-ivt/JobEndBean\"><properties."
                        + ADAPTER
                        + "/></activationSpec>\n");
    }

    private static String pool(String name, String factory, Map<String, String> properties) {
        return "<connectionFactory jndiName=\"eis/genai/" + name + "\"><properties." + ADAPTER + "." + factory
                + attributes(properties) + "/><connectionManager maxPoolSize=\"" + MAXIMUM
                + "\"/></connectionFactory>\n";
    }

    private static String attributes(Map<String, String> properties) {
        StringBuilder text = new StringBuilder();
        properties.forEach((name, value) -> text.append(" " + name + "=\""
                + value.replace("&", "&amp;")
                        .replace("\"", "&quot;")
                        .replace("<", "&lt;")
                        .replaceAll("\\s+", " ") + "\""));
        return text.toString();
    }
}
