package org.genaiconnector.ra.exceptions;

import static org.genaiconnector.ra.exceptions.ComfyUiCalls.picture;

import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ManagedConnection;
import java.io.IOException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.testkit.Fault;
import org.genaiconnector.testkit.Match;
import org.genaiconnector.testkit.cloud.CloudSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What calls of Comfy Cloud fail with. */
@Timeout(60)
class CloudExceptionsTest {
    private static final String CLOUD = "ComfyUI at ...";

    @FunctionalInterface
    private interface Use {
        void of(CloudSimulator cloud, ManagedConnection managed, ComfyUiConnection connection) throws Exception;
    }

    static List<ExceptionExample> examples() {
        return List.of(
                ExceptionExample.of(
                        InvalidPropertyException.class,
                        "Configuration property dialect must be AUTO, COMFYUI or CLOUD, but is cloud2",
                        "Correct it; `AUTO` knows Comfy Cloud by its address.",
                        () -> {
                            ComfyUiManagedConnectionFactory pool = new ComfyUiManagedConnectionFactory();
                            pool.setDialect("cloud2");
                            pool.createManagedConnection(null, null);
                        }),
                ExceptionExample.of(
                        FailureCategory.UNSUPPORTED,
                        CLOUD + " cannot do ...: the Comfy API v2 of Comfy Cloud does not offer it",
                        "Use a ComfyUI of your own for it ([comfy-cloud.md](comfy-cloud.md)).",
                        use((cloud, managed, connection) -> connection.getModelFolders())),
                ExceptionExample.of(
                        FailureCategory.NOT_FOUND,
                        CLOUD
                                + " has no file a.png (folder \"mine\", and the assets of Comfy Cloud are in folders named assets/ID)",
                        "Name files as the job's outputs, or the answer to the upload, do.",
                        use((cloud, managed, connection) -> connection.download(
                                new OutputFile("2", "images", "a.png", "mine", FileDirectory.OUTPUT)))),
                ExceptionExample.of(
                        FailureCategory.PROTOCOL,
                        CLOUD + " took the upload a.png without telling its id: ...",
                        "Look whether `serverUrl` leads to Comfy Cloud itself: another service or a gateway answers.",
                        use((cloud, managed, connection) -> {
                            cloud.faults()
                                    .next(
                                            Match.method("POST"),
                                            Fault.status(201).json("{}"));
                            connection.uploadImage(Upload.of("a.png", new byte[10]));
                        })),
                ExceptionExample.of(
                        FailureCategory.UNSUPPORTED,
                        CLOUD
                                + " gives jobs ids of its own, so it cannot be used in transactions of its pool: set the pool's"
                                + " transaction-support to NoTransaction, or use a job store",
                        "Do one of the two; nothing was queued.",
                        use((cloud, managed, connection) -> {
                            managed.getLocalTransaction().begin();
                            connection.queuePrompt(picture());
                        })));
    }

    private static ThrowingCallable use(Use use) {
        return () -> {
            try (CloudSimulator cloud = CloudSimulator.start()) {
                ComfyUiManagedConnectionFactory pool = new ComfyUiManagedConnectionFactory();
                pool.setServerUrl(cloud.uri().toString());
                pool.setDialect("CLOUD");
                pool.setApiKey(CloudSimulator.KEY);
                pool.setMaxRetries(0);
                ManagedConnection managed = pool.createManagedConnection(null, null);
                use.of(cloud, managed, (ComfyUiConnection) managed.getConnection(null, null));
            }
        };
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isThrown(ExceptionExample example) {
        example.check();
    }

    @Test
    void isDocumented() throws IOException {
        ExceptionExample.assertDocumented("Comfy Cloud", examples());
    }
}
