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
    private final OpenAiFlavour flavour;
    private final AnthropicApi anthropic;
    private final Routes openAiRoutes;
    private final Routes anthropicRoutes;
    private final Script script;
    private final Call.Pause pause;
    private final AtomicLong calls = new AtomicLong();
    private volatile boolean loading;

    LlmHandler(Settings settings, OpenAiFlavour flavour, Script script, Call.Pause pause) {
        this.settings = settings;
        this.flavour = flavour;
        this.anthropic = new AnthropicApi(settings, script);
        this.openAiRoutes = new OpenAiApi(flavour, script).routes();
        this.anthropicRoutes = anthropic.routes();
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
            if (AnthropicApi.speaks(call)) {
                answerAnthropic(call);
            } else {
                answerOpenAi(call);
            }
            callback.succeeded();
        } catch (IOException e) {
            callback.failed(e); // the client has gone, or a fault took the connection
        }
        return true;
    }

    private void answerOpenAi(Call call) throws IOException {
        flavour.headers(call);
        try {
            if (loading) {
                throw new Refusal(Kind.LOADING, "Loading model");
            }
            flavour.authenticate(call);
            if (!script.play(call)) {
                Action action = flavour.action(openAiRoutes, call);
                if (action == null) {
                    throw flavour.refusePath(call, openAiRoutes.knows(call.path()));
                }
                limitSize(call);
                action.answer(call);
            }
        } catch (Refusal refusal) {
            flavour.refuse(call, refusal);
        }
    }

    private void answerAnthropic(Call call) throws IOException {
        anthropic.headers(call);
        try {
            if (loading) {
                throw new Refusal(Kind.LOADING, "Overloaded");
            }
            anthropic.authenticate(call);
            if (!script.play(call)) {
                Action action = anthropicRoutes.find(call.method(), call.path());
                if (action == null) {
                    throw anthropic.refusePath(anthropicRoutes.knows(call.path()));
                }
                limitSize(call);
                action.answer(call);
            }
        } catch (Refusal refusal) {
            anthropic.refuse(call, refusal);
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
