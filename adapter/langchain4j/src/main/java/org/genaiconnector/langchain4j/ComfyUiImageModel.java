package org.genaiconnector.langchain4j;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.NonRetriableException;
import dev.langchain4j.model.image.ImageModel;
import dev.langchain4j.model.output.Response;
import jakarta.resource.ResourceException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;
import org.genaiconnector.comfyui.Download;
import org.genaiconnector.comfyui.JobState;
import org.genaiconnector.comfyui.JobStatus;
import org.genaiconnector.comfyui.OutputFile;
import org.genaiconnector.comfyui.Submission;
import org.genaiconnector.comfyui.Upload;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowTemplate;

/**
 * LangChain4j's image model over a ComfyUI and a workflow template of the administrator. Each picture is a job with a random seed;
 * no connection is held while ComfyUI paints. Any thread may use it, but not in a transaction, which would send the job only when
 * it is committed.
 */
public final class ComfyUiImageModel implements ImageModel {
    private final ComfyUiConnectionFactory factory;
    private final WorkflowTemplate template;
    private final String promptParameter;
    private final String imageParameter;
    private final String maskParameter;
    private final Map<String, Object> values;
    private final Duration timeout;
    private final String caller;

    private ComfyUiImageModel(Builder builder) {
        LangChain4jVersion.check();
        factory = Objects.requireNonNull(builder.factory, "factory: set one by factory(...) or by lookup(...)");
        template = Objects.requireNonNull(
                builder.template, "template: set one by template(...) or by templateLookup(...)");
        promptParameter = builder.promptParameter;
        imageParameter = builder.imageParameter;
        maskParameter = builder.maskParameter;
        values = builder.values;
        timeout = builder.timeout;
        caller = builder.caller;
    }

    /**
     * A model whose template has a parameter {@code prompt}.
     *
     * @param factory injected with {@code @Resource}
     * @param template injected with {@code @Resource}
     * @return the model
     * @throws IllegalStateException if the LangChain4j on the class path is too old or too new
     */
    public static ComfyUiImageModel of(ComfyUiConnectionFactory factory, WorkflowTemplate template) {
        return builder().factory(factory).template(template).build();
    }

    /**
     * Starts a model.
     *
     * @return a builder that needs a factory and a template
     */
    public static Builder builder() {
        return new Builder();
    }

    /** The first file of the job. */
    @Override
    public Response<Image> generate(String prompt) {
        return Response.from(generate(prompt, 1).content().get(0));
    }

    /** As many jobs as pictures, all queued before the first is awaited. */
    @Override
    public Response<List<Image>> generate(String prompt, int n) {
        if (n < 1) {
            throw new InvalidRequestException("n must be 1 or more: " + n);
        }
        return Response.from(paint(Map.of(promptParameter, prompt), Map.of(), n));
    }

    @Override
    public Response<Image> edit(Image image, String prompt) {
        return edited(prompt, Map.of(named(imageParameter, "imageParameter"), image));
    }

    @Override
    public Response<Image> edit(Image image, Image mask, String prompt) {
        return edited(
                prompt,
                Map.of(named(imageParameter, "imageParameter"), image, named(maskParameter, "maskParameter"), mask));
    }

    private Response<Image> edited(String prompt, Map<String, Image> images) {
        return Response.from(paint(Map.of(promptParameter, prompt), images, 1).get(0));
    }

    private static String named(String parameter, String property) {
        if (parameter == null) {
            throw new InvalidRequestException("This image model cannot edit: set " + property
                    + " to the template's parameter that takes the image");
        }
        return parameter;
    }

    private List<Image> paint(Map<String, String> texts, Map<String, Image> images, int n) {
        List<String> jobs = new ArrayList<>();
        boolean painted = false;
        try {
            queue(texts, images, n, jobs);
            List<Image> pictures = new ArrayList<>();
            for (String job : jobs) {
                pictures.add(picture(factory.awaitJob(job, timeout)));
            }
            painted = true;
            return pictures;
        } catch (ResourceException e) {
            throw Failures.of(e);
        } finally {
            if (!painted) {
                cancel(jobs);
            }
        }
    }

    /** One connection for uploads and jobs, so that the jobs run where the files are. */
    private void queue(Map<String, String> texts, Map<String, Image> images, int n, List<String> jobs)
            throws ResourceException {
        try (ComfyUiConnection connection = factory.getConnection()) {
            Map<String, Object> all = new HashMap<>(values);
            all.putAll(texts);
            for (Map.Entry<String, Image> image : images.entrySet()) {
                all.put(
                        image.getKey(),
                        upload(connection, image.getKey(), image.getValue()).reference());
            }
            Workflow workflow = filled(all);
            for (int i = 0; i < n; i++) {
                Submission submission = Submission.of(workflow.withRandomSeed());
                jobs.add(connection
                        .queuePrompt(caller == null ? submission : submission.withCaller(caller))
                        .id());
            }
        }
    }

    private Workflow filled(Map<String, Object> all) throws GenAiException {
        try {
            return template.with(all);
        } catch (IllegalArgumentException e) { // it names all parameters that are wrong
            throw new GenAiException(FailureCategory.INVALID_REQUEST, e.getMessage(), e);
        }
    }

    private static UploadedFile upload(ComfyUiConnection connection, String name, Image image) throws GenAiException {
        if (image.base64Data() == null) {
            throw Failures.unsupported("An image by its address (" + image.url() + ")");
        }
        byte[] content = Failures.valid(() -> Base64.getDecoder().decode(image.base64Data()));
        return connection.uploadImage(Upload.of(name + ".png", content));
    }

    private Image picture(JobStatus end) throws ResourceException {
        if (end.state() != JobState.COMPLETED) {
            throw failure(end);
        }
        OutputFile file = end.files().stream()
                .filter(one -> one.mediaType().startsWith("image/"))
                .findFirst()
                .orElseThrow(() -> new NonRetriableException("The job " + end.id()
                        + " has ended without an image: does the template end in a node that saves one?"));
        try (Download download = factory.download(file)) {
            return Image.builder()
                    .base64Data(Base64.getEncoder()
                            .encodeToString(download.content().readAllBytes()))
                    .mimeType(file.mediaType())
                    .build();
        } catch (IOException e) {
            throw e.getCause() instanceof ResourceException failure
                    ? failure
                    : new GenAiException(FailureCategory.TRUNCATED, "The picture " + file.filename() + " broke off", e);
        }
    }

    private static RuntimeException failure(JobStatus end) {
        String why = end.failure()
                        .map(failure -> ": " + failure.type() + " " + failure.message())
                        .orElse("")
                + (end.nodeErrors().isEmpty() ? "" : ": " + end.nodeErrors());
        String message = "The job " + end.id() + " has ended as " + end.state() + why;
        return switch (end.state()) {
            case REJECTED -> new InvalidRequestException(message);
            case FAILED, LOST -> new InternalServerException(message);
            case CANCELLED, COMPLETED, PENDING, RUNNING -> new NonRetriableException(message);
        };
    }

    /** Nobody can get these pictures any more. */
    private void cancel(List<String> jobs) {
        if (jobs.isEmpty()) {
            return;
        }
        try (ComfyUiConnection connection = factory.getConnection()) {
            for (String job : jobs) {
                connection.cancelJob(job);
            }
        } catch (ResourceException e) { // the failure of the picture matters; the jobs end by themselves
            System.getLogger(ComfyUiImageModel.class.getName())
                    .log(System.Logger.Level.DEBUG, "Jobs without a reader were not cancelled: " + jobs, e);
        }
    }

    /** Collects what a model needs. For one thread. */
    public static final class Builder {
        private static final Duration USUAL = Duration.ofMinutes(10);

        private ComfyUiConnectionFactory factory;
        private WorkflowTemplate template;
        private String promptParameter = "prompt";
        private String imageParameter;
        private String maskParameter;
        private Map<String, Object> values = Map.of();
        private Duration timeout = USUAL;
        private String caller;

        private Builder() {}

        /**
         * Sets the factory that lends connections.
         *
         * @param value injected with {@code @Resource}
         * @return this
         */
        public Builder factory(ComfyUiConnectionFactory value) {
            factory = value;
            return this;
        }

        /**
         * Looks the factory up in JNDI.
         *
         * @param name for example {@code eis/genai/comfyui}
         * @return this
         * @throws IllegalArgumentException if there is no ComfyUI connection factory of that name
         */
        public Builder lookup(String name) {
            return factory(Pool.find(name, ComfyUiConnectionFactory.class));
        }

        /**
         * Sets the workflow.
         *
         * @param value injected with {@code @Resource}
         * @return this
         */
        public Builder template(WorkflowTemplate value) {
            template = value;
            return this;
        }

        /**
         * Looks the workflow up in JNDI.
         *
         * @param name for example {@code genai/painting}
         * @return this
         * @throws IllegalArgumentException if there is no workflow template of that name
         */
        public Builder templateLookup(String name) {
            return template(Pool.find(name, WorkflowTemplate.class));
        }

        /**
         * Sets the template's parameter that takes the prompt.
         *
         * @param value {@code prompt} unless set
         * @return this
         */
        public Builder promptParameter(String value) {
            promptParameter = Objects.requireNonNull(value, "promptParameter");
            return this;
        }

        /**
         * Sets the template's parameter that takes the image to be edited.
         *
         * @param value null: the model cannot edit
         * @return this
         */
        public Builder imageParameter(String value) {
            imageParameter = value;
            return this;
        }

        /**
         * Sets the template's parameter that takes the mask.
         *
         * @param value null: the model cannot edit with a mask
         * @return this
         */
        public Builder maskParameter(String value) {
            maskParameter = value;
            return this;
        }

        /**
         * Sets other parameters of the template, the same for all pictures.
         *
         * @param value by name, as {@link WorkflowTemplate#with} takes them
         * @return this
         */
        public Builder values(Map<String, Object> value) {
            values = Map.copyOf(value);
            return this;
        }

        /**
         * Sets how long to wait for each picture. A job that takes longer is cancelled.
         *
         * @param value 10 minutes unless set
         * @return this
         */
        public Builder timeout(Duration value) {
            timeout = Objects.requireNonNull(value, "timeout");
            return this;
        }

        /**
         * Sets on whose behalf pictures are painted.
         *
         * @param value 1 to 200 characters; null for nobody in particular
         * @return this
         */
        public Builder caller(String value) {
            caller = value;
            return this;
        }

        /**
         * Makes the model.
         *
         * @return the model
         * @throws NullPointerException if there is no factory or no template
         * @throws IllegalStateException if the LangChain4j on the class path is too old or too new
         */
        public ComfyUiImageModel build() {
            return new ComfyUiImageModel(this);
        }
    }
}
