package org.genaiconnector.tests.rar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.jca.validator.Validation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The validator that WildFly runs when it deploys an adapter finds no errors. */
class ArchiveValidationIT {
    private static final int OK = 0;

    @TempDir
    Path reports;

    @Test
    void wildFlysValidatorFindsNothing() throws IOException {
        int result = Validation.validate(Rar.file().toUri().toURL(), reports.toString());

        assertThat(result).as(() -> "findings: " + findings()).isEqualTo(OK);
    }

    private String findings() {
        try (Stream<Path> files = Files.list(reports)) {
            return files.map(ArchiveValidationIT::read).collect(Collectors.joining("\n"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String read(Path report) {
        try {
            return Files.readString(report);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
