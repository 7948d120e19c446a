package org.genaiconnector.storyboard;

import jakarta.annotation.Resource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.resource.ResourceException;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.genaiconnector.FailureCategory;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.ComfyUiConnection;
import org.genaiconnector.comfyui.ComfyUiConnectionFactory;

/**
 * Which model file paints: the configured one, else that of the workflow if ComfyUI has it, else the first that ComfyUI
 * has. So the first picture needs no setting, with any models installed.
 */
@ApplicationScoped
public class Checkpoints {

    private static final System.Logger LOG = System.getLogger(Checkpoints.class.getName());
    private static final String FOLDER = "checkpoints";

    /** Lists the model files of ComfyUI. */
    @FunctionalInterface
    interface Source {
        List<String> list() throws ResourceException;
    }

    @Resource(lookup = "java:app/genai/comfyui")
    private ComfyUiConnectionFactory comfyUi;

    /** A checkpoint file of ComfyUI (environment: COMFYUI_CHECKPOINT). */
    @Inject
    @ConfigProperty(name = "comfyui.checkpoint")
    private Optional<String> configured;

    private final Source installed;
    private volatile String told = "";

    /** What ComfyUI had when it was last asked: a picture that waits for ComfyUI needs no answer now. */
    private volatile List<String> last = List.of();

    /** For the container, which injects the rest. */
    public Checkpoints() {
        installed = this::ask;
    }

    Checkpoints(Optional<String> configured, Source installed) {
        this.configured = configured;
        this.installed = installed;
    }

    /**
     * Chooses.
     *
     * @param own the workflow's
     * @return the configured one unchecked, else one that ComfyUI has; {@code own} if ComfyUI is too old to list its
     *     models
     * @throws ResourceException category {@code UNAVAILABLE} if ComfyUI has none; others if it cannot be asked and never was
     */
    public String choose(String own) throws ResourceException {
        if (configured.isPresent()) {
            return configured.get();
        }
        List<String> names;
        try {
            names = installed.list();
            last = names;
        } catch (GenAiException e) {
            if (e.category() == FailureCategory.NOT_FOUND || e.category() == FailureCategory.UNSUPPORTED) {
                return own;
            }
            names = last;
            if (names.isEmpty()) {
                throw e;
            }
        }
        if (names.isEmpty()) {
            throw new GenAiException(
                    FailureCategory.UNAVAILABLE,
                    "ComfyUI has no checkpoint, so it cannot paint: put a model file into its directory models/checkpoints");
        }
        if (names.contains(own)) {
            return own;
        }
        tell(own, names.get(0));
        return names.get(0);
    }

    /** Once for each choice. */
    private void tell(String own, String chosen) {
        if (!chosen.equals(told)) {
            told = chosen;
            OperatorMessage.CHECKPOINT_REPLACED.log(LOG, own, chosen);
        }
    }

    private List<String> ask() throws ResourceException {
        try (ComfyUiConnection connection = comfyUi.getConnection()) {
            return connection.getModels(FOLDER);
        }
    }
}
