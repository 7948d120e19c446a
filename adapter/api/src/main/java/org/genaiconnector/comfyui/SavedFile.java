package org.genaiconnector.comfyui;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;

/**
 * A local file that is written whole or not at all, under a name that ComfyUI has chosen.
 *
 * @param directory that it must not leave
 * @param name not trusted
 */
record SavedFile(Path directory, String name) {

    Path write(InputStream content) throws IOException {
        Path file = place();
        Path part = directory.resolve("." + UUID.randomUUID() + ".part");
        try {
            Files.copy(content, part);
            move(part, file);
            return file;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private Path place() throws FileSystemException {
        Optional<String> fault = FileNames.faultOfName(name);
        if (fault.isPresent()) {
            throw refused(fault.get());
        }
        if (name.contains(":")) {
            throw refused("on some systems a colon leads elsewhere");
        }
        try {
            return directory.resolve(name);
        } catch (InvalidPathException e) {
            throw refused(e.getReason());
        }
    }

    private FileSystemException refused(String why) {
        return new FileSystemException(
                directory.toString(), null, "ComfyUI's file name " + FileNames.shown(name) + " is refused: " + why);
    }

    /** Replaces a link itself, not what it leads to. */
    private static void move(Path part, Path file) throws IOException {
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
