package org.genaiconnector.ivt;

import java.util.Optional;

/** The page: what the test does, a button that starts it, and the report of the last run. */
final class Page {
    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>GenAI connector: installation verification test</title>
            <style>
            body { font: 16px/1.4 system-ui, sans-serif; margin: 2em; max-width: 75em; }
            table { border-collapse: collapse; margin: 1em 0; }
            th, td { border: 1px solid #999; padding: .3em .6em; text-align: left; vertical-align: top; }
            .ok { background: #cfc; } .failed { background: #fcc; } .skipped { background: #eee; }
            td.number { text-align: right; }
            </style>
            </head>
            <body>
            <h1>GenAI connector: installation verification test</h1>
            """;
    private static final String START = """
            <p>Checks the pools of the adapter that it finds. For each pool whose backend is not simulated it calls the model %d times,
            with at most %d output tokens each, or submits %d small jobs that need no model. It changes no configuration. Message-driven
            beans that receive the ends of all jobs also receive those of these jobs.</p>
            <form method="post"><button>Run the test</button></form>
            """.formatted(Usage.MOST_CHATS, Usage.MOST_OUTPUT_TOKENS, Usage.MOST_JOBS);

    private Page() {}

    static String of(Optional<Report> last) {
        StringBuilder page = new StringBuilder(HEAD).append(START);
        last.ifPresent(report -> append(page, report));
        return page.append("</body>\n</html>\n").toString();
    }

    private static void append(StringBuilder page, Report report) {
        page.append("<h2>Last run: <span class=\"%1$s\">%1$s</span></h2>\n<table>\n".formatted(report.result()));
        report.installation().forEach((name, value) -> row(page, name, value));
        row(page, "started", report.started().toString());
        row(page, "milliseconds", Long.toString(report.millis()));
        row(
                page,
                "calls of models, tokens in and out",
                report.usage().chats() + ", " + report.usage().inputTokens() + ", "
                        + report.usage().outputTokens());
        row(page, "jobs", Long.toString(report.usage().jobs()));
        page.append("</table>\n<table>\n<tr><th>pool</th><th>check</th><th>result</th><th>seen</th><th>ms</th></tr>\n");
        for (Outcome outcome : report.outcomes()) {
            page.append(
                    "<tr><td>%s</td><td>%s</td><td class=\"%3$s\">%3$s</td><td>%4$s%5$s</td><td class=\"number\">%6$d</td></tr>\n"
                            .formatted(
                                    escaped(outcome.pool()),
                                    escaped(outcome.check()),
                                    outcome.result(),
                                    escaped(outcome.text()),
                                    outcome.result() == Result.FAILED
                                            ? "<br>Search for these words in the log and in " + Outcome.HELP
                                            : "",
                                    outcome.millis()));
        }
        page.append("</table>\n<p><a href=\"json\">The same as JSON</a></p>\n");
    }

    private static void row(StringBuilder page, String name, String value) {
        page.append("<tr><th>%s</th><td>%s</td></tr>\n".formatted(escaped(name), escaped(value)));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
