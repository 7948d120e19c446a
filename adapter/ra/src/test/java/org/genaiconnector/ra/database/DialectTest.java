package org.genaiconnector.ra.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What differs between databases. */
class DialectTest {
    private static final Path FILES = Path.of("../../server-config/job-store");

    private static DatabaseMetaData metaData(String product, String version) {
        return (DatabaseMetaData) Proxy.newProxyInstance(
                DialectTest.class.getClassLoader(),
                new Class<?>[] {DatabaseMetaData.class},
                (proxy, method, arguments) -> method.getName().equals("getDatabaseProductName") ? product : version);
    }

    @ParameterizedTest
    @CsvSource({
        "PostgreSQL, 15.16, POSTGRESQL",
        "H2, 2.3.232, H2",
        "MySQL, 8.4.3, MYSQL",
        "MySQL, 5.5.5-10.11.6-MariaDB, MARIADB",
        "MariaDB, 11.4, MARIADB",
        "Oracle, Oracle Database 19c, ORACLE",
        "Microsoft SQL Server, 16.00, SQLSERVER",
        "DB2/LINUXX8664, SQL11058, DB2",
        "DB2, DSN12015, DB2"
    })
    void isThatOfTheDatabase(String product, String version, Dialect dialect) throws SQLException {
        assertThat(Dialect.of(metaData(product, version))).isEqualTo(dialect);
    }

    @Test
    void refusesAnotherDatabaseByName() {
        assertThatThrownBy(() -> Dialect.of(metaData("Apache Derby", "10")))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(SqlFailures.kind(e)).isEqualTo(StoreException.Kind.SCHEMA))
                .hasMessageContainingAll(
                        "Apache Derby",
                        "PostgreSQL",
                        "H2",
                        "MySQL",
                        "MariaDB",
                        "Oracle",
                        "Microsoft SQL Server",
                        "DB2");
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void administratorsFindTheTablesThatTheAdapterMakes(Dialect dialect) throws IOException {
        try (InputStream resource = Dialect.class.getResourceAsStream(dialect.file())) {
            assertThat(resource.readAllBytes()).isEqualTo(Files.readAllBytes(FILES.resolve(dialect.file())));
        }
    }

    @Test
    void thereAreNoTablesOfUnknownDatabases() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".sql")))
                    .containsExactlyInAnyOrderElementsOf(
                            Arrays.stream(Dialect.values()).map(Dialect::file).toList());
        }
    }

    /** Tables with their columns, keys and indexes, without types and directions. */
    private static List<String> shape(Dialect dialect) {
        Pattern column = Pattern.compile("^  (\\w+) .*?( NOT NULL)?,?$", Pattern.MULTILINE);
        return dialect.tables().stream()
                .map(statement -> {
                    if (!statement.startsWith("CREATE TABLE")) {
                        return statement
                                .replaceFirst(" WHERE \\w+ IS NOT NULL$", "")
                                .replace(" DESC", "");
                    }
                    Matcher columns = column.matcher(statement);
                    String name = statement.lines().findFirst().orElseThrow();
                    String key = statement.replaceAll("(?s).*PRIMARY KEY(?: NONCLUSTERED)? (\\([^)]*\\)).*", "$1");
                    return name
                            + columns.results()
                                    .filter(each -> !each.group(1).equals("PRIMARY"))
                                    .map(each -> each.group(1) + (each.group(2) == null ? "" : " NOT NULL"))
                                    .collect(Collectors.joining(", "))
                            + " KEY "
                            + key;
                })
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void allDatabasesHaveTheSameTables(Dialect dialect) {
        assertThat(shape(dialect)).isEqualTo(shape(Dialect.H2)).hasSize(20);
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void translatesTheClock(Dialect dialect) {
        assertThat(dialect.translate("UPDATE x SET a = {now} + ?, b = {now}"))
                .doesNotContain("{")
                .startsWith("UPDATE x SET a = ");
        assertThat(dialect.limit(7, 3)).contains("7").contains("3").startsWith(" ");
    }
}
