package org.genaiconnector.ivt.tests;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.genaiconnector.servers.AdministeredServer;
import org.genaiconnector.servers.GlassFishServer;
import org.genaiconnector.servers.LibertyServer;
import org.genaiconnector.servers.WildFlyServer;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** What else than the adapter an administrator configures, each application server in its way. */
final class Configured {
    private static final String NOBODY = "nobody";

    private Configured() {}

    /** Defines a placeholder to which the pool of the LLM service refers already, and lets the pool have it. */
    static void placeholder(AdministeredServer server, String name, String value)
            throws IOException, InterruptedException {
        if (server instanceof GlassFishServer glassFish) {
            glassFish.asadmin().run("create-system-properties", name + "=" + value.replace(":", "\\:"), Map.of());
            server.deploy(Archives.RAR);
            server.deploy(Archives.WAR);
        } else if (server instanceof WildFlyServer wildFly) {
            wildFly.operation("{\"operation\": \"add\", \"address\": [\"system-property\", \"" + name
                    + "\"], \"value\": \"" + value + "\"}");
            // it has refused the pool
            wildFly.operation("{\"operation\": \"remove\", \"address\": [\"subsystem\", \"resource-adapters\","
                    + " \"resource-adapter\", \"genai-connector\"]}");
            Installed.install(server, "${" + name + "}");
        } else {
            ((LibertyServer) server)
                    .configure("placeholder", "<variable name=\"" + name + "\" value=\"" + value + "\"/>");
        }
    }

    /**
     * Refers to a realm, or what there is instead, that does not exist, and takes that back.
     *
     * @return what a caller gets
     */
    static String missingRealm(AdministeredServer server) throws IOException, InterruptedException {
        if (server instanceof GlassFishServer) {
            return loginToNobody(server);
        }
        if (server instanceof WildFlyServer wildFly) {
            return wildFly.operation("{\"operation\": \"add\", \"address\": [\"subsystem\", \"resource-adapters\","
                    + " \"resource-adapter\", \"genai-connector\", \"connection-definitions\", \"" + NOBODY
                    + "\"], \"class-name\": \"org.genaiconnector.ra.llm.LlmManagedConnectionFactory\","
                    + " \"jndi-name\": \"java:/eis/genai/" + NOBODY + "\", \"authentication-context\": \"" + NOBODY
                    + "\"}");
        }
        LibertyServer liberty = (LibertyServer) server;
        liberty.configure(
                NOBODY,
                "<connectionFactory jndiName=\"eis/genai/" + NOBODY + "\" containerAuthDataRef=\"" + NOBODY
                        + "\"><properties.genai-connector.LlmConnectionFactory/></connectionFactory>");
        liberty.configure(NOBODY, "");
        return "";
    }

    private static String loginToNobody(AdministeredServer server) throws IOException, InterruptedException {
        Path war = Files.createDirectories(Archives.work("realm")).resolve(NOBODY + ".war");
        ShrinkWrap.create(WebArchive.class)
                .addAsWebResource(new StringAsset("for callers"), "index.html")
                .setWebXML(new StringAsset("""
                        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                          <security-constraint>
                            <web-resource-collection>
                              <web-resource-name>all</web-resource-name><url-pattern>/*</url-pattern>
                            </web-resource-collection>
                            <auth-constraint><role-name>caller</role-name></auth-constraint>
                          </security-constraint>
                          <login-config><auth-method>BASIC</auth-method><realm-name>nobody</realm-name></login-config>
                          <security-role><role-name>caller</role-name></security-role>
                        </web-app>"""))
                .as(ZipExporter.class)
                .exportTo(war.toFile(), true);
        server.deploy(war);
        String answer = IvtClient.send(HttpRequest.newBuilder(server.uri().resolve("/" + NOBODY + "/index.html"))
                        .header(
                                "Authorization",
                                "Basic "
                                        + Base64.getEncoder()
                                                .encodeToString("caller:word".getBytes(StandardCharsets.UTF_8))))
                .body();
        server.undeploy(war.getFileName().toString());
        return answer;
    }
}
