package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslProvider;
import io.sluice.metrics.Counter;
import io.sluice.testing.CleanLog;
import io.sluice.testing.Tool;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where BoringSSL does not load, the JDK does the same, so far as it can. */
class JdkTlsTest extends TlsContract {

    JdkTlsTest() {
        super(SslProvider.JDK);
    }

    @BeforeEach
    void expectTheWarning(CleanLog.Expected log) {
        log.line("so the JDK does TLS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_1", "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256:@SECLEVEL=0"})
    void oldVersionsAndWeakCiphersAreRefused(String options) throws Exception {
        Tool.need("OpenSSL 3", "openssl", "version");
        try (TestServer server = server(config(List.of(first)))) {
            String command = "openssl s_client -connect 127.0.0.1:" + server.server.tlsPort() + " " + options;
            assertThat(Tool.run(GET, command.split(" "))).contains("Cipher is (NONE)");
            await(server, Counter.TLS_FAILED_PROTOCOL, 1);
        }
    }
}
