package org.genaiconnector.testkit.llm;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.genaiconnector.testkit.llm.Refusal.Kind;
import org.genaiconnector.testkit.llm.Routes.Action;

/** Leads every request through the gates of a server: protocol, loading, key, script, size, path, method. */
final class LlmHandler extends Handler.Abstract {
    private final Settings settings;
    private final Protocol openAi;
    private final Protocol anthropic;
    private final Script script;
    private final Call.Pause pause;
    private final AtomicLong calls = new AtomicLong();
    private volatile boolean loading;

    LlmHandler(Settings settings, OpenAiFlavour flavour, Script script, Call.Pause pause) {
        this.settings = settings;
        this.openAi = new OpenAiApi(flavour, script);
        this.anthropic = new AnthropicApi(settings, script);
        this.script = script;
        this.pause = pause;
    }

    void loading(boolean now) {
        loading = now;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        try {
            Call call = new Call(request, response, pause, calls.incrementAndGet());
            answer(call, AnthropicApi.speaks(call) ? anthropic : openAi);
            callback.succeeded();
        } catch (IOException e) {
            callback.failed(e); // the client has gone, or a fault took the connection
        }
        return true;
    }

    private void answer(Call call, Protocol protocol) throws IOException {
        protocol.headers(call);
        try {
            if (loading) {
                throw new Refusal(Kind.LOADING, "Loading model");
            }
            protocol.authenticate(call);
            if (!script.play(call)) {
                Action action = protocol.action(call);
                limitSize(call);
                action.answer(call);
            }
        } catch (Refusal refusal) {
            protocol.refuse(call, refusal);
        }
    }

    private void limitSize(Call call) {
        if (call.bodySize() > settings.maxBodyBytes()) {
            throw new Refusal(
                    Kind.TOO_LARGE,
                    "Request exceeds the maximum size: " + call.bodySize() + " bytes, at most "
                            + settings.maxBodyBytes() + " allowed");
        }
    }
}
