package io.sluice.aws;

import java.util.Locale;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtAsyncHttpClient;

/** Who is in the race. */
public enum Client {
    /** What the gateway has. */
    OURS("our body and signature, netty-nio-client"),
    SDK_NETTY("SDK's module, netty-nio-client"),
    SDK_CRT("SDK's module, aws-crt"),
    OURS_CRT("our body and signature, aws-crt"),
    /** Without pool, TLS, proxies and time limits: what could be saved at most. */
    PLAIN_NETTY("our body and signature, Netty alone");

    private final String about;

    Client(String about) {
        this.about = about;
    }

    public String about() {
        return about;
    }

    /** Its name on command lines and among figures, such as {@code sdk-crt}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException if nobody has this label */
    public static Client of(String label) {
        for (Client client : values()) {
            if (client.label().equals(label)) {
                return client;
            }
        }
        throw new IllegalArgumentException("no client '" + label + "'");
    }

    /** @param config with a region, and an endpoint of plain HTTP */
    public Raced open(AwsConfig config) {
        return switch (this) {
            case OURS -> new GatewayClient(config);
            case SDK_NETTY -> new ModuleClient(config, null);
            case SDK_CRT -> new ModuleClient(config, crt());
            case OURS_CRT -> new CrtClient(config, crt());
            case PLAIN_NETTY -> new PlainClient(config);
        };
    }

    private static SdkAsyncHttpClient crt() {
        return AwsCrtAsyncHttpClient.builder()
                .maxConcurrency(SdkClient.MAX_CONNECTIONS)
                .build();
    }
}
