package org.genaiconnector.storyboard.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * What survives a restart of Storyboard: a directory with the database of the stories and the files of a simulated ComfyUI, or a
 * PostgreSQL in place of that database. The directory belongs to one Storyboard at a time.
 */
public final class StoryData {

    /** JNDI name of the data source, which threads of the resource adapter can look up, too. */
    private static final String DATA_SOURCE = "jdbc/storyboard";

    private static final String POOL = "storyboard";
    private static final int LOGIN_SECONDS = 10;
    private static final String POSTGRESQL = "jdbc:postgresql:";

    private final Path directory;
    private final Optional<String> url;
    private final Map<String, String> environment;

    /** Held until this process ends, in whatever way. */
    private final FileChannel lock;

    private StoryData(Path directory, Optional<String> url, Map<String, String> environment, FileChannel lock) {
        this.directory = directory;
        this.url = url;
        this.environment = environment;
        this.lock = lock;
    }

    /**
     * Makes sure that what is asked for can be used.
     *
     * @param environment STORYBOARD_DATA, DATABASE_URL, DATABASE_USER, DATABASE_PASSWORD; blank means not set
     * @param defaultDirectory in place of STORYBOARD_DATA
     * @return ready to be used
     * @throws IOException if it cannot be used, with a message for the user
     */
    public static StoryData prepare(Map<String, String> environment, Path defaultDirectory) throws IOException {
        Optional<String> url = Optional.of(
                        environment.getOrDefault("DATABASE_URL", "").strip())
                .filter(value -> !value.isEmpty());
        if (url.isPresent()) {
            connect(url.get(), environment);
        }
        String named = environment.getOrDefault("STORYBOARD_DATA", "").strip();
        Path directory = named.isEmpty() ? defaultDirectory : directory(named);
        String name = named.isEmpty() ? directory.toString() : "STORYBOARD_DATA=" + named;
        try {
            Files.createDirectories(directory);
            FileChannel lock = FileChannel.open(
                    directory.resolve("storyboard.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isLocked(lock) || isLocked(directory.resolve("stories.mv.db"))) {
                lock.close();
                throw new IOException(
                        name + " is in use by another Storyboard. Stop that one, or choose another directory:"
                                + " STORYBOARD_DATA=DIRECTORY");
            }
            return new StoryData(directory, url, Map.copyOf(environment), lock);
        } catch (FileSystemException e) {
            throw new IOException(
                    name + " must be a directory that can be written, for the stories (" + reason(e)
                            + "). Mend it, or choose another directory: STORYBOARD_DATA=DIRECTORY",
                    e);
        }
    }

    private static Path directory(String named) throws IOException {
        try {
            return Path.of(named).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new IOException("STORYBOARD_DATA cannot be a directory: " + e.getReason(), e);
        }
    }

    private static String reason(FileSystemException e) {
        if (e.getReason() != null) {
            return e.getFile() + ": " + e.getReason();
        }
        String why = e instanceof FileAlreadyExistsException
                ? " is a file"
                : e instanceof AccessDeniedException ? " may not be written by this user" : " cannot be made";
        return e.getFile() + why;
    }

    /** Takes the lock of a file that stays open. */
    private static boolean isLocked(FileChannel file) throws IOException {
        try {
            FileLock held = file.tryLock();
            return held == null;
        } catch (OverlappingFileLockException e) { // by this process
            return true;
        }
    }

    /** Whether an application server that has lost its launcher has the database open. */
    private static boolean isLocked(Path database) throws IOException {
        if (Files.notExists(database)) {
            return false;
        }
        try (FileChannel file = FileChannel.open(database, StandardOpenOption.WRITE)) {
            return isLocked(file);
        }
    }

    private static void connect(String url, Map<String, String> environment) throws IOException {
        if (!url.startsWith(POSTGRESQL)) {
            throw new IOException("DATABASE_URL must begin with " + POSTGRESQL + "//, for example " + POSTGRESQL
                    + "//localhost:5432/storyboard");
        }
        Properties login = new Properties();
        login.put("user", environment.getOrDefault("DATABASE_USER", ""));
        login.put("password", environment.getOrDefault("DATABASE_PASSWORD", ""));
        login.values().removeIf(""::equals);
        DriverManager.setLoginTimeout(LOGIN_SECONDS);
        try (Connection connection = DriverManager.getConnection(url, login)) {
            connection.getMetaData().getDatabaseProductVersion();
        } catch (SQLException e) {
            throw new IOException(
                    "the database of DATABASE_URL cannot be used ("
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse("")
                            + "). Start it, or correct DATABASE_URL, DATABASE_USER or DATABASE_PASSWORD",
                    e);
        }
    }

    /**
     * The directory.
     *
     * @return absolute; it exists
     */
    public Path directory() {
        return directory;
    }

    /**
     * Whether the database is PostgreSQL, whose driver an application server must be given.
     *
     * @return false for H2
     */
    public boolean isPostgreSql() {
        return url.isPresent();
    }

    /**
     * The configuration that leads the application to the database.
     *
     * @return by MicroProfile Config's names
     */
    public Map<String, String> configuration() {
        // the lock of the directory keeps others away from H2
        return Map.of("storyboard.datasource", DATA_SOURCE, "storyboard.exclusive", Boolean.toString(!isPostgreSql()));
    }

    /**
     * What makes Payara's data source.
     *
     * @return commands of asadmin, without secrets
     */
    public List<List<String>> commands() {
        List<List<String>> commands = new ArrayList<>();
        commands.add(List.of(
                "create-jdbc-connection-pool",
                "--restype=javax.sql.DataSource",
                "--datasourceclassname="
                        + (isPostgreSql() ? "org.postgresql.ds.PGSimpleDataSource" : "org.h2.jdbcx.JdbcDataSource"),
                "--steadypoolsize=1",
                "--maxpoolsize=20",
                "--isconnectvalidatereq=true",
                "--validationmethod=custom-validation",
                "--validationclassname=org.glassfish.api.jdbc.validation.JDBC40ConnectionValidation",
                POOL));
        property(commands, "URL", isPostgreSql() ? "${MPCONFIG=database.url}" : h2());
        property(
                commands,
                "User",
                login("DATABASE_USER", isPostgreSql() ? System.getProperty("user.name") : "storyboard"));
        property(commands, "Password", login("DATABASE_PASSWORD", "none"));
        commands.add(List.of("create-jdbc-resource", "--connectionpoolid=" + POOL, DATA_SOURCE));
        return commands;
    }

    /** The pool needs both, also where the database does not. */
    private String login(String variable, String other) {
        boolean given =
                isPostgreSql() && !environment.getOrDefault(variable, "").isBlank();
        return given ? "${MPCONFIG=" + variable.toLowerCase(Locale.ROOT).replace('_', '.') + "}" : other;
    }

    private static void property(List<List<String>> commands, String name, String value) {
        commands.add(List.of("set", "resources.jdbc-connection-pool." + POOL + ".property." + name + "=" + value));
    }

    /** What is committed is in the file at once, so that a killed process loses nothing; it is closed with the last connection. */
    private String h2() {
        return "jdbc:h2:file:" + directory.resolve("stories").toString().replace('\\', '/')
                + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
    }

    /**
     * Tells the user where the stories are.
     *
     * @return one line
     */
    public String describe() {
        return "Stories: kept in "
                + (isPostgreSql() ? "the database of DATABASE_URL" : directory + " (STORYBOARD_DATA)");
    }
}
