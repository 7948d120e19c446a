package org.genaiconnector.ra.comfyui;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.genaiconnector.ra.comfyui.wire.ComfyUiBackend;
import org.genaiconnector.ra.http.HttpBackend;

/** What has been learnt of each backend of a factory, until the adapter stops. Any thread. */
final class KnownServers {
    private volatile List<ComfyUiBackend> servers = List.of();

    /** The one of an HTTP side; made when it is missing. */
    ComfyUiBackend of(HttpBackend backend, Function<HttpBackend, ComfyUiBackend> maker) {
        for (ComfyUiBackend each : servers) { // without a lock, since every call passes here
            if (each.isOf(backend)) {
                return each;
            }
        }
        return add(backend, maker);
    }

    private synchronized ComfyUiBackend add(HttpBackend backend, Function<HttpBackend, ComfyUiBackend> maker) {
        List<ComfyUiBackend> all = new ArrayList<>();
        for (ComfyUiBackend each : servers) {
            if (each.isOf(backend)) { // another thread was faster
                return each;
            }
            if (each.isOpen()) {
                all.add(each);
            }
        }
        ComfyUiBackend made = maker.apply(backend);
        all.add(made);
        servers = List.copyOf(all);
        return made;
    }

    /** Classes and models come and go. */
    void forgetNodeClasses() {
        servers.forEach(ComfyUiBackend::forgetNodeClasses);
    }
}
