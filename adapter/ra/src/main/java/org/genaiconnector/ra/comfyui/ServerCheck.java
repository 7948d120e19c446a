package org.genaiconnector.ra.comfyui;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.genaiconnector.GenAiException;
import org.genaiconnector.comfyui.NodeClass;
import org.genaiconnector.comfyui.UploadedFile;
import org.genaiconnector.comfyui.Workflow;
import org.genaiconnector.comfyui.WorkflowCheck;

/**
 * The check of a workflow on one server. It begins with what is remembered of the server, and asks anew before it calls
 * anything wrong: models come and go.
 */
final class ServerCheck {
    private static final Pattern REFERENCE =
            Pattern.compile("(?:(?<folder>.*)/)?(?<name>[^/]*?)(?: *\\[(?<type>input|output|temp)])?", Pattern.DOTALL);

    private final ComfyUiCatalogue catalogue;
    private final ComfyUiFiles files;

    ServerCheck(ComfyUiCatalogue catalogue, ComfyUiFiles files) {
        this.catalogue = catalogue;
        this.files = files;
    }

    WorkflowCheck of(Workflow workflow) throws GenAiException {
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
        Matcher parts = REFERENCE.matcher(reference);
        if (!parts.matches()) {
            return false;
        }
        UploadedFile file = new UploadedFile(
                parts.group("name"),
                Optional.ofNullable(parts.group("folder")).orElse(""),
                Optional.ofNullable(parts.group("type")).orElse("input"));
        return file.fault().isEmpty() && files.sizeOf(file).isPresent();
    }
}
