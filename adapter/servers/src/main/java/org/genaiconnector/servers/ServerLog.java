package org.genaiconnector.servers;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The log file of an application server, as a sign of what it has done. */
final class ServerLog {
    private final Path file;

    ServerLog(Path file) {
        this.file = file;
    }

    /** Where the log ends now. */
    long end() throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /** What was logged since then. */
    String since(long begin) throws IOException {
        if (Files.notExists(file)) {
            return "";
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(Math.min(begin, in.length()));
            byte[] rest = new byte[(int) (in.length() - in.getFilePointer())];
            in.readFully(rest);
            return new String(rest, StandardCharsets.UTF_8);
        }
    }

    /**
     * Waits for a message.
     *
     * @param what it stands for, for the message of an error: "does not ..."
     * @param begin where to look from
     * @param good the message
     * @param bad what means that the message will not come
     * @throws IOException if it does not come; with the bad message
     */
    void await(ServerProcess process, String what, Duration longest, long begin, Pattern good, Pattern bad)
            throws IOException, InterruptedException {
        process.await(what, longest, () -> {
            String text = since(begin);
            Matcher failed = bad.matcher(text);
            if (failed.find()) {
                throw new IOException("The application server does not " + what + "; see " + file + ":\n"
                        + text.substring(failed.start()));
            }
            return good.matcher(text).find();
        });
    }
}
