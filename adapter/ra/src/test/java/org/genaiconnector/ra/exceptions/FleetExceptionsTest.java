package org.genaiconnector.ra.exceptions;

import static org.genaiconnector.ra.exceptions.ComfyUiCalls.picture;

import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ManagedConnection;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.ra.comfyui.ComfyUiManagedConnectionFactory;
import org.genaiconnector.ra.llm.LlmManagedConnectionFactory;
import org.genaiconnector.testkit.comfyui.ComfyUiSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What several addresses in {@code serverUrl}, and calls of several ComfyUI, fail with. */
@Timeout(60)
class FleetExceptionsTest {
    private static final String LOOK = "Look at the backends that the message names.";

    static List<ExceptionExample> examples() {
        return List.of(
                wrong(
                        "serverUrl has several addresses, but takes only one",
                        "Only factories of ComfyUI take several; give a factory of an LLM service, and an activation, one.",
                        () -> {
                            LlmManagedConnectionFactory pool = new LlmManagedConnectionFactory();
                            pool.setServerUrl("http://a/v1,http://b/v1");
                            pool.createManagedConnection(null, null);
                        }),
                addresses(
                        "serverUrl is wrong in address 2, which must be an address such as http://host:8188, ...; several addresses"
                                + " are separated by commas, and each begins with http:// or https://",
                        "Correct the address at that position.",
                        "http://a,http://user@b"),
                addresses(
                        "serverUrl has an unknown part after vertical bar 1 of address 2: there are only name, weight, tags,"
                                + " credentials, dialect, such as name=gpu1 or tags=gpu=24g;fp8",
                        "Correct the name of the part.",
                        "http://a,http://b|wait=2"),
                addresses(
                        "serverUrl says the weight of address 1 twice",
                        "Remove one of them.",
                        "http://a|weight=1|weight=2,http://b"),
                addresses(
                        "serverUrl gives an address a name that is blank, longer than 100 characters, or has others than letters,"
                                + " digits and . _ - : /",
                        "Give another name.",
                        "http://a|name=the big one,http://b"),
                addresses(
                        "serverUrl has a weight of address 1 (a) that is not a whole number from 1 to 9999",
                        "Give a number in the range.",
                        "http://a|weight=0,http://b"),
                addresses(
                        "serverUrl has tags of address 1 (a) of which one is blank, or has white space in it; tags are separated by"
                                + " semicolons, such as tags=gpu=24g;fp8",
                        "Correct the tags.",
                        "http://a|tags=x;,http://b"),
                addresses(
                        "serverUrl has a dialect of address 1 (a) that is not COMFYUI or CLOUD",
                        "Give one of the two, or leave the part out: the property `dialect` counts then.",
                        "http://a|name=a|dialect=AUTO,http://b"),
                addresses(
                        "serverUrl has the same address twice: address 2 (b) is that of address 1 (a)",
                        "Remove one of them.",
                        "http://gpu|name=a,http://GPU:80|name=b"),
                addresses(
                        "serverUrl has the same name twice: address 2 (a) has that of address 1",
                        "Give one of them another name.",
                        "http://a|name=a,http://b|name=a"),
                addresses(
                        "serverUrl wants credentials for address 2 (b) by a name that is not in serverCredentials, which has ...",
                        "Add an entry to `serverCredentials`, or correct the name.",
                        "http://a,http://b|credentials=KEY1"),
                credentials(
                        "serverCredentials must look like KEY1=key,KEY2=user:password, but part 1 of it does not",
                        "Correct that part.",
                        "secret"),
                credentials("serverCredentials has KEY1 twice", "Remove one of them.", "KEY1=a,KEY1=b"),
                credentials(
                        "serverCredentials has KEY1, which no address of serverUrl names as its credentials",
                        "Add the part `credentials=KEY1` to the address, or remove the entry.",
                        "KEY1=a"),
                ExceptionExample.of(
                        FailureCategory.UNAVAILABLE,
                        "None of the 2 backends can be used: a: ...; b: ...",
                        "The message says of each backend why no connection to it could be made, as for a single one.",
                        () -> {
                            try (ComfyUiSimulator a = ComfyUiSimulator.start();
                                    ComfyUiSimulator b = ComfyUiSimulator.start()) {
                                a.kill();
                                b.kill();
                                connection(a.uri() + "|name=a," + b.uri() + "|name=b");
                            }
                        }),
                ExceptionExample.of(
                        FailureCategory.UNSUPPORTED,
                        "Nothing was queued: no backend can run this workflow: a lacks node class Nobody; b lacks node class Nobody",
                        "Install what is missing on one of them, or give one a tag that the submission requires.",
                        fleet((servers, connection) -> connection.queuePrompt(
                                Workflow.parse("{\"1\": {\"class_type\": \"Nobody\", \"inputs\": {}}}")))),
                ExceptionExample.of(
                        FailureCategory.UNSUPPORTED,
                        "Nothing was queued: no backend can run this workflow: a has no tag gpu=80g in serverUrl",
                        "Give the address the tag, or require another one.",
                        () -> {
                            try (ComfyUiSimulator server = ComfyUiSimulator.start()) {
                                connection(server.uri() + "|name=a")
                                        .queuePrompt(Submission.of(picture()).withRequired("gpu=80g"));
                            }
                        }),
                ExceptionExample.of(
                        FailureCategory.UNAVAILABLE,
                        "Nothing was queued: no backend can run this workflow now: a ...; b ... -- the last one: ...",
                        "Each is drained, does not answer, or did not take the job, as the message says. " + LOOK,
                        fleet((servers, connection) -> {
                            servers.forEach(ComfyUiSimulator::kill);
                            connection.queuePrompt(picture());
                        })),
                ExceptionExample.of(
                        FailureCategory.UNAVAILABLE,
                        "Nothing was queued: no backend can run this workflow now: ... -- the last one: Nothing was queued: the"
                                + " upload cat.png cannot be fetched from any backend that has it; upload it again: ...",
                        "Upload the file again: it goes to a backend that answers.",
                        fleet((servers, connection) -> {
                            UploadedFile file = connection.uploadImage(Upload.of("cat.png", new byte[] {1}));
                            holder(servers, file).kill();
                            connection.queuePrompt(elsewhere(servers, file));
                        })),
                ExceptionExample.of(
                        FailureCategory.UNAVAILABLE,
                        "Job ... is on none of the backends that answered; not asked: a ...",
                        "Ask again when it answers. " + LOOK,
                        fleet((servers, connection) -> {
                            servers.get(0).kill();
                            connection.findJob(UUID.randomUUID().toString());
                        })),
                ExceptionExample.of(
                        FailureCategory.UNAVAILABLE,
                        "No backend answered: a ..., b ...",
                        LOOK,
                        fleet((servers, connection) -> {
                            servers.forEach(ComfyUiSimulator::kill);
                            connection.getQueue();
                        })),
                ExceptionExample.of(
                        FailureCategory.UNAVAILABLE,
                        "Not done on all backends: a ...",
                        "It was done on the others. Call it again when that backend answers.",
                        fleet((servers, connection) -> {
                            servers.get(0).kill();
                            connection.freeMemory();
                        })),
                ExceptionExample.of(
                        FailureCategory.NOT_FOUND,
                        "http://other:8188 is none of the addresses in serverUrl of this factory: ...",
                        "The file or job is from an earlier `serverUrl`, or from another factory: use that one.",
                        fleet((servers, connection) -> connection.sizeOf(new UploadedFile(
                                "cat.png", "", FileDirectory.INPUT, Optional.of(URI.create("http://other:8188")))))));
    }

    private static ExceptionExample wrong(String words, String remedy, ThrowingCallable provoke) {
        return ExceptionExample.of(InvalidPropertyException.class, "Configuration property " + words, remedy, provoke);
    }

    private static ExceptionExample addresses(String words, String remedy, String serverUrl) {
        return wrong(words, remedy, () -> pool(serverUrl).createManagedConnection(null, null));
    }

    private static ExceptionExample credentials(String words, String remedy, String serverCredentials) {
        return wrong(words, remedy, () -> {
            ComfyUiManagedConnectionFactory pool = pool("http://a,http://b");
            pool.setServerCredentials(serverCredentials);
            pool.createManagedConnection(null, null);
        });
    }

    private static ComfyUiManagedConnectionFactory pool(String serverUrl) {
        ComfyUiManagedConnectionFactory pool = new ComfyUiManagedConnectionFactory();
        pool.setServerUrl(serverUrl);
        return pool;
    }

    private static ComfyUiConnection connection(String serverUrl) throws Exception {
        ComfyUiManagedConnectionFactory pool = pool(serverUrl);
        pool.setMaxRetries(0);
        ManagedConnection managed = pool.createManagedConnection(null, null);
        return (ComfyUiConnection) managed.getConnection(null, null);
    }

    private static ComfyUiSimulator holder(List<ComfyUiSimulator> servers, UploadedFile file) {
        return servers.get(file.server().equals(Optional.of(servers.get(0).uri())) ? 0 : 1);
    }

    /** A job that reads a file, on the backend that does not have it. */
    private static Submission elsewhere(List<ComfyUiSimulator> servers, UploadedFile file) throws Exception {
        String tag = holder(servers, file) == servers.get(0) ? "second" : "first";
        return Submission.of(Workflow.parse("""
                {"1": {"class_type": "LoadImage", "inputs": {"image": "%s"}},
                 "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}}""".formatted(file.reference()))).withRequired(tag);
    }

    @FunctionalInterface
    private interface Use {
        void of(List<ComfyUiSimulator> servers, ComfyUiConnection connection) throws Exception;
    }

    /** Two backends, {@code a} with the tag {@code first}, {@code b} with {@code second}. */
    private static ThrowingCallable fleet(Use use) {
        return () -> {
            try (ComfyUiSimulator a = ComfyUiSimulator.start();
                    ComfyUiSimulator b = ComfyUiSimulator.start()) {
                use.of(List.of(a, b), connection(a.uri() + "|name=a|tags=first, " + b.uri() + "|name=b|tags=second"));
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
        ExceptionExample.assertDocumented("several ComfyUI", examples());
    }
}
