package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.Handler;
import org.genaiconnector.testkit.ReservedPort;

/**
 * A simulated ComfyUI on a port of 127.0.0.1 that needs no model and no GPU, for tests and demos.
 *
 * <pre>{@code
 * try (ComfyUiSimulator server = ComfyUiSimulator.start()) {
 *     client.connect(server.uri());
 *     server.delayHistory(Duration.ofMillis(400)); // events report success 400 ms before the history does
 *     ...
 * }
 * }</pre>
 *
 * <p>The switches make it misbehave as real servers do. They take effect at once, hold until they are reset, and
 * are off again after {@link #restart}. All methods may be called from any thread.
 */
public final class ComfyUiSimulator implements AutoCloseable {
    private final ServerProcess.Settings settings;
    private final Path ownDirectory;
    private final URI uri;
    private final ReservedPort port;
    private final RequestLog log = new RequestLog(this::kill);
    private ServerProcess process;
    private boolean up;

    private ComfyUiSimulator(Builder builder) {
        try {
            ownDirectory = builder.directory == null ? Files.createTempDirectory("comfyui-simulator") : null;
            settings = new ServerProcess.Settings(
                    builder.version,
                    Folders.at(builder.directory == null ? ownDirectory : builder.directory),
                    builder.maxUploadBytes,
                    builder.stepDelay,
                    builder.nodeDelay,
                    builder.clock,
                    builder.modelLoad,
                    builder.modelsHeld,
                    builder.labNodes,
                    builder.anyClass,
                    builder.ownClasses::all,
                    builder.wrapper,
                    builder.tls);
            port = ReservedPort.of(builder.port);
            launch();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start the ComfyUI simulator", e);
        }
        uri = URI.create((settings.tls() == null ? "http" : "https") + "://127.0.0.1:" + port.number());
    }

    /** Starts a simulator of version 0.33.0 on a free port; its files are in a directory that {@link #close} removes. */
    public static ComfyUiSimulator start() {
        return builder().start();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The address, {@code http://127.0.0.1:port}, or {@code https} with TLS; it stays the same over restarts. */
    public URI uri() {
        return uri;
    }

    /** The directory that saved pictures go to. */
    public Path outputDirectory() {
        return settings.folders().output();
    }

    /** The directory that uploads go to. */
    public Path inputDirectory() {
        return settings.folders().input();
    }

    private synchronized void launch() throws IOException {
        settings.folders().clearTemp();
        process = new ServerProcess(settings, port.number(), log);
        process.start();
        up = true;
    }

    /**
     * Ends the simulator like a killed process: connections break, sockets end without a close frame (1006), and new
     * connections are refused. No other process gets its port. Does nothing if it is down already.
     */
    public synchronized void kill() {
        if (up) {
            up = false;
            process.kill();
        }
    }

    /** Kills the simulator if it is up and starts it again on the same port, with an empty queue and history. */
    public synchronized void restart() {
        kill();
        try {
            launch();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start the ComfyUI simulator again on " + uri, e);
        }
    }

    /** Kills the simulator and removes its directory, unless the builder was given one. */
    @Override
    public synchronized void close() {
        kill();
        try {
            port.close();
            if (ownDirectory != null) {
                Folders.deleteTree(ownDirectory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot clean up after the ComfyUI simulator on " + uri, e);
        }
    }

    private synchronized ServerProcess process() {
        return process;
    }

    /** Delays the history: jobs appear in it this long after the event of their success or failure. Zero: at once. */
    public void delayHistory(Duration delay) {
        process().switches().historyDelay(delay);
    }

    /** Delays answers to prompts until their jobs have ended, at most 30 s, so that all events come first. */
    public void answerPromptsLate() {
        process().switches().lateAnswers(true);
    }

    /** Ends {@link #answerPromptsLate}. */
    public void answerPromptsPromptly() {
        process().switches().lateAnswers(false);
    }

    /** Holds back all events on all sockets. Jobs and HTTP continue, and new sockets still get their first message. */
    public void stallEvents() {
        process().hub().stall();
    }

    /** Sends the events held back by {@link #stallEvents}, and all further ones. */
    public void resumeEvents() {
        process().hub().resume();
    }

    /**
     * Leaves all open WebSockets half-open, as if the network had disappeared: they are not closed, but nothing arrives in
     * either direction any more, not even the answer to a ping. Sockets opened later work.
     */
    public void silenceSockets() {
        process().hub().silence();
    }

    /** Makes the worker end with its next job: that job runs forever, and later ones wait forever. */
    public void killWorker() {
        process().switches().killWorker();
    }

    /** Removes a job from queue and history and sends no event. */
    public void forget(String promptId) {
        process().queue().forget(promptId);
    }

    /**
     * Deletes a saved file.
     *
     * @param path relative to the output directory, for example {@code it/w1_00001_.png}
     * @throws UncheckedIOException if there is no such file
     */
    public void deleteOutput(String path) {
        try {
            settings.folders().deleteOutput(path);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + path, e);
        }
    }

    /**
     * Sends a message to all sockets, as third-party nodes do. The type may be unknown.
     *
     * @param data a JSON object, the {@code data} of the message
     */
    public void broadcast(String type, String data) {
        process().hub().broadcast(type, Json.object(data));
    }

    /** Sends all sockets the progress of a foreign job, as jobs without {@code client_id} do. */
    public void broadcastForeignProgress() {
        ObjectNode data = Json.object().put("value", 7).put("max", 20);
        data.put("prompt_id", UUID.randomUUID().toString()).put("node", "3");
        process().hub().broadcast("progress", data);
    }

    /** Sends all sockets a binary message; {@code kind} is the number in its first four bytes. */
    public void broadcastFrame(int kind, byte[] content) {
        process().hub().sendTo(null, kind, content);
    }

    /** The requests so far, oldest first, WebSocket upgrades included; the latest 10000 at most. */
    public List<SeenRequest> requests() {
        return log.requests();
    }

    /** The prompts that have run to their end without a failure, oldest first, over all restarts; the latest 10000 at most. */
    public List<RanPrompt> completed() {
        return log.completed();
    }

    /** The number of TCP connections that clients have opened, over all restarts. */
    public int connectionsOpened() {
        return log.connections();
    }

    /** How many models were loaded into memory since the last start, because they were not there when a job needed them. */
    public int coldLoads() {
        return process().models().loads();
    }

    /** The client ids of the open WebSockets. */
    public List<String> openSockets() {
        return process().hub().openClientIds();
    }

    /** The settings before a start. Every method returns this builder. */
    public static final class Builder {
        private int port;
        private Path directory;
        private Duration stepDelay = Duration.ofMillis(20);
        private Duration nodeDelay = Duration.ZERO;
        private Clock clock = Clock.systemUTC();
        private Duration modelLoad = Duration.ZERO;
        private int modelsHeld = 2;
        private double maxUploadBytes = 100 << 20;
        private ServerVersion version = ServerVersion.RECORDED;
        private boolean labNodes;
        private boolean anyClass;
        private final OwnClasses ownClasses = new OwnClasses();
        private UnaryOperator<Handler> wrapper = UnaryOperator.identity();
        private SSLContext tls;

        private Builder() {}

        /** The port on 127.0.0.1; 0, the default, for a free one. */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /** The directory that holds or gets {@code input}, {@code output} and {@code temp}; it is kept at the end. */
        public Builder directory(Path base) {
            directory = base;
            return this;
        }

        /** The duration of each step of a sampler; 20 ms by default, zero for as fast as possible. */
        public Builder stepDelay(Duration delay) {
            stepDelay = delay;
            return this;
        }

        /** The least duration of a node, in which it cannot be interrupted. Zero by default. */
        public Builder nodeDelay(Duration delay) {
            nodeDelay = delay;
            return this;
        }

        /** The clock of the machine, from which times in answers and events come; by default the right one. */
        public Builder clock(Clock wrong) {
            clock = wrong;
            return this;
        }

        /**
         * How long a model takes to be loaded into the memory of the graphics card, which happens before the first node of a job
         * runs, and cannot be interrupted. Models are the texts in a workflow that end with {@code .safetensors}. Zero by default.
         *
         * @param load for each model
         * @param held how many models the memory holds, 2 by default; those of the latest jobs stay
         */
        public Builder modelLoading(Duration load, int held) {
            modelLoad = load;
            modelsHeld = held;
            return this;
        }

        /**
         * The largest request body, 100 MiB by default. The real limit is set in MB and may be a fraction of a byte, which
         * {@code /features} reports.
         */
        public Builder maxUploadBytes(double bytes) {
            maxUploadBytes = bytes;
            return this;
        }

        /**
         * Behaves like an older version towards clients: {@code 0.3.40} for example has no {@code
         * /api/jobs}, chooses all prompt ids itself and interrupts the running job.
         *
         * @param number up to three numbers with dots; 0.33.0 by default
         */
        public Builder version(String number) {
            version = ServerVersion.of(number);
            return this;
        }

        /** Adds the nodes LabSteps, LabNoise, LabBlock, LabOom and LabInfinity, which stand for third-party ones. */
        public Builder labNodes() {
            labNodes = true;
            return this;
        }

        /**
         * Accepts nodes of every class. Those that are not known take anything, give anything (a gray picture where one is
         * wanted) and are always run; and inputs that end in {@code _name} take the name of every model.
         */
        public Builder acceptAnyClass() {
            anyClass = true;
            return this;
        }

        /**
         * Adds a class of nodes. They return an input of the output's type if they have one, else a made-up value.
         *
         * @param inputs type by name, {@code INT} or {@code IMAGE} for example; all of them required
         * @param outputs types; a class without any is an output of the workflow
         */
        public Builder node(String name, Map<String, String> inputs, List<String> outputs) {
            return node(name, inputs, outputs, null);
        }

        /**
         * Adds a class of nodes that put something out.
         *
         * @param inputs type by name; all of them required
         * @param outputs types
         * @param shows a JSON object by kind, {@code {"text": [42]}}; null for nothing
         * @throws IllegalArgumentException if {@code shows} is not a JSON object
         */
        public Builder node(String name, Map<String, String> inputs, List<String> outputs, String shows) {
            ownClasses.add(name, inputs, outputs, shows);
            return this;
        }

        /**
         * Adds the classes of a real ComfyUI, with its choices and models. Classes that the simulator knows do what they always
         * do, but are described and checked as there.
         *
         * @param objectInfo what {@code GET /object_info} answers
         * @throws IllegalArgumentException if it is not such JSON
         */
        public Builder nodeClasses(String objectInfo) {
            ownClasses.addSaved(objectInfo);
            return this;
        }

        /**
         * Adds the classes of a real ComfyUI from a file.
         *
         * @param objectInfo a file with what {@code GET /object_info} answers
         * @throws IllegalArgumentException if it is not such JSON
         * @throws UncheckedIOException if it cannot be read
         */
        public Builder nodeClasses(Path objectInfo) {
            try {
                return nodeClasses(Files.readString(objectInfo));
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read " + objectInfo, e);
            }
        }

        /** Serves TLS with this server certificate; plain HTTP by default. */
        public Builder tls(SSLContext context) {
            tls = context;
            return this;
        }

        /** Puts a handler in front of everything, WebSocket upgrades included. */
        public Builder wrap(UnaryOperator<Handler> wrapping) {
            wrapper = wrapping;
            return this;
        }

        /**
         * @throws UncheckedIOException if the port is taken or the directory cannot be written
         */
        public ComfyUiSimulator start() {
            return new ComfyUiSimulator(this);
        }
    }
}
