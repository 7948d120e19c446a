package org.genaiconnector.testkit.comfyui;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where a save node puts its next file: a folder, a name and the first free number.
 *
 * @param subfolder the folder relative to the directory of its type, empty for none
 */
record SavePath(Path folder, String subfolder, String name, int counter) {

    /**
     * Finds the place for {@code prefix}, which may hold sub-folders and {@code %width%}-like variables, and creates
     * its folder.
     *
     * @throws PythonError if it leads out of {@code directory}
     */
    static SavePath find(String prefix, Path directory, int width, int height) throws PythonError {
        Path relative = Path.of(expand(prefix, width, height)).normalize();
        Path folder = directory.resolve(relative).normalize().getParent();
        if (!folder.startsWith(directory)) {
            throw new PythonError(
                    "Exception",
                    "**** ERROR: Saving image outside the output folder is not allowed.\n full_output_folder: " + folder
                            + "\n         output_dir: " + directory);
        }
        String name = relative.getFileName().toString();
        String subfolder =
                relative.getParent() == null ? "" : relative.getParent().toString();
        try {
            Files.createDirectories(folder);
            return new SavePath(folder, subfolder, name, highest(folder, name) + 1);
        } catch (IOException e) {
            throw new PythonError("OSError", e.toString(), e);
        }
    }

    private static String expand(String prefix, int width, int height) {
        LocalDateTime now = LocalDateTime.now();
        return prefix.replace("%width%", Integer.toString(width))
                .replace("%height%", Integer.toString(height))
                .replace("%year%", Integer.toString(now.getYear()))
                .replace("%month%", String.format("%02d", now.getMonthValue()))
                .replace("%day%", String.format("%02d", now.getDayOfMonth()))
                .replace("%hour%", String.format("%02d", now.getHour()))
                .replace("%minute%", String.format("%02d", now.getMinute()))
                .replace("%second%", String.format("%02d", now.getSecond()));
    }

    private static int highest(Path folder, String name) throws IOException {
        Pattern numbered = Pattern.compile(Pattern.quote(name) + "_(\\d{1,9})[_.].*");
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> numbered.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToInt(match -> Integer.parseInt(match.group(1)))
                    .max()
                    .orElse(0);
        }
    }

    /** The same place, one number on. */
    SavePath next() {
        return new SavePath(folder, subfolder, name, counter + 1);
    }

    /** The file with this number; {@code ending} is what follows the five digits, for example {@code _.png}. */
    Path file(String ending) {
        return folder.resolve(fileName(ending));
    }

    /** How the file is named in a result. */
    ObjectNode reference(String ending, String type) {
        return Json.object()
                .put("filename", fileName(ending))
                .put("subfolder", subfolder)
                .put("type", type);
    }

    private String fileName(String ending) {
        return "%s_%05d%s".formatted(name, counter, ending);
    }
}
