package org.genaiconnector.testkit.comfyui;

/** An exception as the Python server would have raised it: the name of its type and its text. */
final class PythonError extends Exception {
    private static final long serialVersionUID = 1L;

    private final String type;

    PythonError(String type, String text) {
        super(text);
        this.type = type;
    }

    PythonError(String type, String text, Throwable cause) {
        super(text, cause);
        this.type = type;
    }

    /** What {@code prompt[key]} raises when the key is absent; its text is the quoted key. */
    static PythonError missingKey(String key) {
        return new PythonError("KeyError", Python.quote(key));
    }

    /** For example {@code ValueError}, or with its module {@code PIL.UnidentifiedImageError}. */
    String type() {
        return type;
    }
}
