package org.genaiconnector.testkit.comfyui;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.genaiconnector.testkit.HttpServer;

/** One process of the simulated ComfyUI, from start to kill: its sockets, queue, history, worker and caches. */
final class ServerProcess {
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(3630);
    private static final int LARGEST_INCOMING_MESSAGE = 4 << 20;
    private static final int HTTP_THREADS = 64;

    private final Server server = new Server(new QueuedThreadPool(HTTP_THREADS));
    private final ServerConnector connector;
    private final Switches switches = new Switches();
    private final WebSocketHub hub;
    private final JobQueue queue;
    private final ModelMemory models;
    private final Worker worker;

    /** The settings of a process; all but the port stay the same over restarts. */
    record Settings(
            ServerVersion version,
            Folders folders,
            double maxUploadBytes,
            Duration stepDelay,
            Duration nodeDelay,
            Clock clock,
            Duration modelLoad,
            int modelsHeld,
            boolean labNodes,
            boolean anyClass,
            Supplier<List<NodeClass>> ownClasses,
            UnaryOperator<Handler> wrapper,
            SSLContext tls) {}

    /** Observes the process from outside the protocol. */
    interface Observer {
        void requested(SeenRequest request);

        void connected();

        /** A job has run to its end. */
        void completed(Job job);

        /** The process crashes because of something a client sent. */
        void crashed();
    }

    ServerProcess(Settings settings, int port, Observer observer) {
        ServerVersion version = settings.version();
        Folders folders = settings.folders();
        NodeClasses classes = NodeClasses.core(folders, version, settings.anyClass());
        if (settings.labNodes()) {
            classes.add(LabNodes.all());
        }
        classes.addForeign(settings.ownClasses().get());
        var features = InfoRoutes.features(version, settings.maxUploadBytes());
        Interrupt interrupt = new Interrupt();
        hub = new WebSocketHub(version, features, this::remaining);
        queue = new JobQueue(interrupt, hub::announceRemaining);
        NodeCache cache = new NodeCache(classes, folders);
        models = new ModelMemory(settings.modelLoad(), settings.modelsHeld());
        ProcessParts parts = new ProcessParts(
                version,
                folders,
                classes,
                cache,
                models,
                hub,
                interrupt,
                switches,
                settings.stepDelay(),
                settings.nodeDelay(),
                settings.clock());
        worker = new Worker(parts, queue, observer::completed);

        Routes routes = new Routes();
        PromptValidator validator = new PromptValidator(classes, folders, version);
        new PromptRoutes(version, validator, queue, switches, settings.clock(), observer::crashed).addTo(routes);
        new QueueRoutes(version, queue, interrupt).addTo(routes);
        new JobRoutes(version, queue).addTo(routes);
        new UploadRoutes(version, folders).addTo(routes);
        new InfoRoutes(version, classes, features).addTo(routes);
        new PageRoutes(version, folders).addTo(routes);
        routes.get("/view", new ViewRoute(folders, version)::answer);
        routes.get(
                "/ws",
                exchange ->
                        Answer.text(400, "No WebSocket UPGRADE hdr: None\n Can \"Upgrade\" only to \"WebSocket\"."));
        HttpFront front =
                new HttpFront(routes, new OriginCheck(version), hub, settings.maxUploadBytes(), observer::requested);

        connector = connector(port, settings.tls(), observer);
        server.addConnector(connector);
        server.setHandler(settings.wrapper().apply(front));
        server.setStopTimeout(0);
        ServerWebSocketContainer sockets = ServerWebSocketContainer.ensure(server);
        sockets.setIdleTimeout(Duration.ZERO);
        sockets.setMaxTextMessageSize(LARGEST_INCOMING_MESSAGE);
        sockets.setMaxBinaryMessageSize(LARGEST_INCOMING_MESSAGE);
    }

    private ServerConnector connector(int port, SSLContext tls, Observer observer) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        // Names with slashes and dots in them are for the routes to judge
        http.setUriCompliance(UriCompliance.UNSAFE);
        ServerConnector opened = new ServerConnector(server, 1, 1, HttpServer.protocols(http, tls)) {
            @Override
            protected void onEndPointOpened(EndPoint endPoint) {
                super.onEndPointOpened(endPoint);
                observer.connected();
            }
        };
        opened.setHost("127.0.0.1");
        opened.setPort(port);
        opened.setIdleTimeout(KEEP_ALIVE.toMillis());
        return opened;
    }

    private int remaining() {
        return queue.remaining();
    }

    /** Starts to serve. */
    void start() throws IOException {
        try {
            server.start();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("The server of the simulator does not start", e);
        }
        hub.start();
        worker.start();
    }

    /** Ends everything as the death of a process does: no answer is finished and no socket is closed politely. */
    void kill() {
        connector.close();
        connector.getConnectedEndPoints().forEach(EndPoint::close);
        try {
            worker.stop();
            hub.stop();
            server.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("The server of the simulator does not stop", e);
        }
    }

    Switches switches() {
        return switches;
    }

    WebSocketHub hub() {
        return hub;
    }

    JobQueue queue() {
        return queue;
    }

    ModelMemory models() {
        return models;
    }
}
