package org.genaiconnector.ra.http;

import java.io.IOException;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.impl.auth.BasicScheme;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;

/**
 * Sends the proxy's password with the request that opens a tunnel, instead of when the proxy asks: otherwise each new socket
 * would cost a refusal, and with proxies that close after refusing a second socket. Only that request carries it.
 */
final class TunnelPassword implements ExecChainHandler {
    private final HttpHost proxy;
    private final UsernamePasswordCredentials credentials;

    TunnelPassword(Transport.Proxy proxy) {
        this.proxy = proxy.address();
        this.credentials =
                new UsernamePasswordCredentials(proxy.user(), proxy.password().toCharArray());
    }

    @Override
    public ClassicHttpResponse execute(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        BasicScheme basic = new BasicScheme();
        basic.initPreemptive(credentials);
        scope.clientContext.getAuthExchange(proxy).select(basic);
        return chain.proceed(request, scope);
    }
}
