package org.genaiconnector.tests.server;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.llm.LlmConnectionFactory;
import org.genaiconnector.servers.Asadmin;

/** A connection pool and its resource in the application server, both created as an administrator creates them. */
final class Pool {
    private static final String PROPERTY = "property.";

    private final Asadmin asadmin;
    private final String name;

    private Pool(Asadmin asadmin, String name) {
        this.asadmin = asadmin;
        this.name = name;
    }

    /**
     * Creates both for an LLM service. The pool is empty at first and grows by one, unless settings say otherwise.
     *
     * @param name of the pool; the resource has it below {@code genai/}
     * @param server address of the service
     * @param settings of the pool, as {@code option=value}, and of the adapter, as {@code property.name=value}
     */
    static Pool llm(Asadmin asadmin, String name, URI server, String... settings)
            throws IOException, InterruptedException {
        Stream<String> all = Stream.concat(
                Stream.of("property.serverUrl=" + server, "property.model=gpt-test", "property.poolName=" + name),
                Arrays.stream(settings));
        return create(asadmin, name, LlmConnectionFactory.class, all.toArray(String[]::new));
    }

    /** Creates both for ComfyUI, with only its address unless settings say otherwise. */
    static Pool comfyUi(Asadmin asadmin, String name, URI server, String... settings)
            throws IOException, InterruptedException {
        Stream<String> all = Stream.concat(Stream.of("property.serverUrl=" + server), Arrays.stream(settings));
        return create(asadmin, name, ComfyUiConnectionFactory.class, all.toArray(String[]::new));
    }

    private static Pool create(Asadmin asadmin, String name, Class<?> factory, String... settings)
            throws IOException, InterruptedException {
        Map<String, String> options = new HashMap<>();
        options.put("raname", Archives.ADAPTER);
        options.put("connectiondefinition", factory.getName());
        options.put("steadypoolsize", "0");
        options.put("poolresize", "1");
        List<String> properties = new ArrayList<>();
        for (String setting : settings) {
            if (setting.startsWith(PROPERTY)) {
                properties.add(setting.substring(PROPERTY.length()).replace(":", "\\:")); // colons separate properties
            } else {
                String[] option = setting.split("=");
                options.put(option[0], option[1]);
            }
        }
        options.put("property", String.join(":", properties));
        asadmin.run("create-connector-connection-pool", name, options);
        Pool pool = new Pool(asadmin, name);
        asadmin.run("create-connector-resource", pool.resource(), Map.of("poolname", name));
        return pool;
    }

    String name() {
        return name;
    }

    /** JNDI name of the connection factory. */
    String resource() {
        return "genai/" + name;
    }

    /** Changes an attribute, or a property as {@code property.name}. */
    void set(String attribute, Object value) throws IOException, InterruptedException {
        asadmin.run("set", "resources.connector-connection-pool." + name + "." + attribute + "=" + value, Map.of());
    }

    Asadmin.Report ping() throws IOException, InterruptedException {
        return asadmin.attempt("ping-connection-pool", name, Map.of());
    }

    void flush() throws IOException, InterruptedException {
        asadmin.flush(name);
    }

    /** Deletes the resource and the pool with all its connections. */
    void delete() throws IOException, InterruptedException {
        asadmin.run("delete-connector-connection-pool", name, Map.of("cascade", "true"));
    }
}
