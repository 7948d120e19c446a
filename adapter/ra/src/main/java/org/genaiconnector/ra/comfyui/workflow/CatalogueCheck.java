package org.genaiconnector.ra.comfyui.workflow;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.FileDirectory;
import org.genaiconnector.comfyui.NodeClass;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowCheck;
import org.genaiconnector.ra.comfyui.wire.Catalogue;

/**
 * The check of a workflow on one backend. It begins with what is remembered of the backend, and asks again before it calls
 * anything wrong: models come and go.
 */
public final class CatalogueCheck {
    private final Catalogue catalogue;
    private final FileSizes files;

    /** Tells the sizes of files of the backend. */
    @FunctionalInterface
    public interface FileSizes {
        /**
         * The size of a file.
         *
         * @param file an input, an output or a temporary file
         * @return bytes; empty if the backend has no such file
         */
        OptionalLong sizeOf(UploadedFile file) throws GenAiException;
    }

    public CatalogueCheck(Catalogue catalogue, FileSizes files) {
        this.catalogue = catalogue;
        this.files = files;
    }

    public WorkflowCheck of(Workflow workflow) throws GenAiException {
        Set<String> names = WorkflowChecker.classesOf(workflow);
        boolean fromMemory = catalogue.remembersAnyOf(names);
        WorkflowCheck result = check(workflow, names);
        if (result.isValid() || !fromMemory) {
            return result;
        }
        catalogue.forgetNodeClasses();
        return check(workflow, names);
    }

    private WorkflowCheck check(Workflow workflow, Set<String> names) throws GenAiException {
        Map<String, NodeClass> classes = catalogue.nodeClasses(names);
        Set<String> replaced = classes.keySet().containsAll(names) ? Set.of() : catalogue.replacedClasses();
        return WorkflowChecker.check(workflow, classes, replaced, this::exists);
    }

    private boolean exists(String reference) throws GenAiException {
        UploadedFile file = file(reference);
        return file.fault().isEmpty() && files.sizeOf(file).isPresent();
    }

    /** {@code folder/name [type]}. */
    static UploadedFile file(String reference) {
        String path = reference;
        FileDirectory directory = FileDirectory.INPUT;
        int bracket = reference.lastIndexOf('[');
        if (bracket >= 0 && reference.endsWith("]")) {
            String named = reference.substring(bracket + 1, reference.length() - 1);
            Optional<FileDirectory> found = FileDirectory.ofType(named);
            if (found.isPresent()) {
                directory = found.get();
                path = withoutBlanksAtItsEnd(reference.substring(0, bracket));
            }
        }
        int slash = path.lastIndexOf('/');
        String folder = slash == 0 ? "/" : path.substring(0, Math.max(slash, 0)); // an absolute path remains one
        return new UploadedFile(path.substring(slash + 1), folder, directory);
    }

    private static String withoutBlanksAtItsEnd(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == ' ') {
            end--;
        }
        return path.substring(0, end);
    }
}
