package org.genaiconnector.ivt.tests;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The table in {@code docs/servers.md}: a column for each application server, a row for each check. The columns of application
 * servers that were not run stay.
 */
final class ServersDocument {
    private static final Path FILE = Path.of("../../../docs/servers.md");
    private static final String BEGIN = "<!-- begin checks on application servers -->\n";
    private static final String END = "<!-- end checks on application servers -->";

    /** Rows that only the long form writes. */
    static final String INSTALLED = "the WAR, with an adapter beside it";

    static final String REDEPLOYED = "five redeployments";
    static final String NEWEST_JDK = "on the newest JDK";
    private static final List<String> LONG_FORM = List.of(INSTALLED, REDEPLOYED, NEWEST_JDK);

    private static final String DATE = "date";
    private static final String JDK = "JDK";
    private static final String TIME = "10 callers, ideally 2,500 ms";

    /** Rows that differ from run to run, or from machine to machine. */
    private static final Set<String> VARIABLE = Set.of(DATE, JDK, TIME, NEWEST_JDK);

    private final Map<String, Map<String, String>> columns = new LinkedHashMap<>();

    /** Adds the column of a run. */
    void add(TestedServer server, int jdk, JsonObject report) {
        Map<String, String> cells = new LinkedHashMap<>();
        cells.put("version", version(report.getString("applicationServer")));
        cells.put(JDK, Integer.toString(jdk));
        cells.put("transport", report.getString("transport"));
        cells.put(DATE, LocalDate.now().toString());
        for (JsonObject check : report.getJsonArray("checks").getValuesAs(JsonObject.class)) {
            if (!check.getString("pool").isEmpty()) {
                String kind = check.getString("pool").contains("llm") ? "LLM: " : "ComfyUI: ";
                String result = check.getString("result");
                cells.put(
                        kind + check.getString("check"),
                        result.equals("ok") ? result : result + ": " + check.getString("text"));
                if (check.getString("check").startsWith("refused") && result.equals("ok")) {
                    cells.put(
                            "a refused prompt at commit",
                            check.getString("text").replaceFirst(":.*", ""));
                }
                if (check.getString("check").equals("ideal time") && result.equals("ok")) {
                    cells.put(TIME, check.getString("text").replaceFirst("^.* took (\\d+ ms).*$", "$1"));
                }
            }
        }
        columns.put(server.title(), cells);
    }

    /** Adds a cell to the column of a run. */
    void add(TestedServer server, String row, String cell) {
        columns.get(server.title()).put(row, cell);
    }

    private static String version(String serverInfo) {
        return serverInfo.replaceAll("^\\D*(\\d[\\w.-]*).*$", "$1");
    }

    /**
     * Compares the columns of this run with the document, or writes them with {@code -DwriteDocuments=true}.
     *
     * @throws AssertionError if they differ in anything but dates, times and the versions of JDKs
     */
    void compareOrWrite() throws IOException {
        String text = Files.readString(FILE);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        int end = text.indexOf(END);
        Map<String, Map<String, String>> documented = parse(text.substring(begin, end));
        if (Boolean.getBoolean("writeDocuments")) {
            columns.forEach((server, cells) -> documented.merge(server, cells, ServersDocument::withLongForm));
            Files.writeString(FILE, text.substring(0, begin) + table(documented) + text.substring(end));
            return;
        }
        Map<String, Map<String, String>> expected = comparable(documented);
        Map<String, Map<String, String>> actual = comparable(columns);
        actual.forEach((server, cells) -> withLongForm(expected.getOrDefault(server, Map.of()), cells));
        assertThat(actual)
                .as(FILE + "; run this test with -DwriteDocuments=true to write it")
                .allSatisfy((server, cells) -> assertThat(expected).containsEntry(server, cells));
    }

    /** The new column, with what the short form does not find out. */
    private static Map<String, String> withLongForm(Map<String, String> old, Map<String, String> fresh) {
        for (String row : LONG_FORM) {
            if (old.containsKey(row)) {
                fresh.putIfAbsent(row, old.get(row));
            }
        }
        return fresh;
    }

    private static Map<String, Map<String, String>> comparable(Map<String, Map<String, String>> columns) {
        Map<String, Map<String, String>> result = new TreeMap<>();
        columns.forEach((server, cells) -> {
            Map<String, String> others = new TreeMap<>(cells);
            others.keySet().removeAll(VARIABLE);
            result.put(server, others);
        });
        return result;
    }

    private static Map<String, Map<String, String>> parse(String table) {
        List<List<String>> rows = table.lines()
                .filter(line -> line.startsWith("|") && !line.startsWith("|-"))
                .map(line -> List.of(line.substring(1, line.length() - 1).split("\\|")))
                .map(cells -> cells.stream().map(String::strip).toList())
                .toList();
        Map<String, Map<String, String>> columns = new LinkedHashMap<>();
        for (int column = 1; !rows.isEmpty() && column < rows.get(0).size(); column++) {
            Map<String, String> cells = new LinkedHashMap<>();
            for (List<String> row : rows.subList(1, rows.size())) {
                cells.put(row.get(0), row.get(column));
            }
            columns.put(rows.get(0).get(column), cells);
        }
        return columns;
    }

    private static String table(Map<String, Map<String, String>> columns) {
        StringBuilder table = new StringBuilder("| |");
        List<TestedServer> servers = List.of(TestedServer.values()).stream()
                .filter(server -> columns.containsKey(server.title()))
                .toList();
        servers.forEach(server -> table.append(' ').append(server.title()).append(" |"));
        table.append("\n|-").append("-|-".repeat(servers.size())).append("-|\n");
        Map<String, String> rows = new LinkedHashMap<>();
        servers.forEach(server -> rows.putAll(columns.get(server.title())));
        for (String row : rows.keySet()) {
            table.append("| ").append(row).append(" |");
            for (TestedServer server : servers) {
                String cell = columns.get(server.title()).getOrDefault(row, "not run");
                table.append(' ').append(cell.replace("|", "/")).append(" |");
            }
            table.append('\n');
        }
        return table.toString();
    }
}
