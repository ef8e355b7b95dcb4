package io.sluice.aws;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsAsyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.endpoint.AwsClientEndpointProvider;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * One client of the SDK, made in the background when it is first asked for: finding region and credentials may take
 * seconds, and fail today and not tomorrow.
 *
 * <p>Any thread. Its event loops are its own: the SDK refuses to share the ones of Netty 4.2.
 */
final class SdkClient<C extends SdkAutoCloseable> implements AutoCloseable {

    /** More than callers have under way, so that nothing waits for a connection. */
    static final int MAX_CONNECTIONS = 64;

    /** TLS of 70 MB/s takes some 5 % of a core. */
    private static final int LOOPS = 2;

    /** Connections that are being closed still hand tasks to their loops. */
    private static final long LOOPS_QUIET_MILLIS = 200;

    private static final long LOOPS_END_MILLIS = 2000;

    /** Connections are made anew so often, so that a changed address is followed. */
    private static final Duration CONNECTION_LIFE = Duration.ofMinutes(5);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private final AwsConfig config;
    private final Function<SdkClient<C>, C> make;
    private final ExecutorService background;

    // Guarded by this.
    private CompletableFuture<C> client;
    private AwsCredentialsProvider credentials;
    private SdkAsyncHttpClient http;
    private EventLoopGroup loops;
    private boolean closed;

    SdkClient(AwsConfig config, String name, Function<SdkClient<C>, C> make) {
        this.config = config;
        this.make = make;
        this.background = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("sluice-aws-" + name).factory());
    }

    /** Calls the service. What the call throws, or why there is no client, the future says. */
    <R> CompletableFuture<R> call(Function<C, CompletableFuture<R>> call) {
        return client().thenCompose(call);
    }

    private synchronized CompletableFuture<C> client() {
        if (closed) {
            return CompletableFuture.failedFuture(new IllegalStateException("closed"));
        }
        if (client == null || client.isCompletedExceptionally()) {
            client = CompletableFuture.supplyAsync(this::connect, background);
        }
        return client;
    }

    private C connect() {
        try {
            prepare();
            return make.apply(this);
        } catch (RuntimeException e) {
            throw new CompletionException(new NotConnected(e));
        }
    }

    /** Fetches credentials, which blocks here so that it does not on the thread of the first call. */
    private void prepare() {
        AwsCredentialsProvider provider;
        synchronized (this) {
            if (credentials == null) {
                credentials = credentials(config);
            }
            provider = credentials;
        }
        provider.resolveCredentials();
        synchronized (this) {
            if (http == null && !closed) {
                loops = newLoops();
                http = http();
            }
        }
    }

    /** A server on plain HTTP is none of Amazon's, but a stand-in that takes any credentials. */
    private static AwsCredentialsProvider credentials(AwsConfig config) {
        AwsCredentialsProvider usual = DefaultCredentialsProvider.builder()
                .asyncCredentialUpdateEnabled(true)
                .build();
        if (!config.endpoint().startsWith("http://")) {
            return usual;
        }
        return AwsCredentialsProviderChain.of(
                usual, StaticCredentialsProvider.create(AwsBasicCredentials.create("sluice", "sluice")));
    }

    private SdkAsyncHttpClient http() {
        return NettyNioAsyncHttpClient.builder()
                .maxConcurrency(MAX_CONNECTIONS)
                .connectionTimeout(CONNECT_TIMEOUT)
                .connectionTimeToLive(CONNECTION_LIFE)
                .readTimeout(config.timeout())
                .writeTimeout(config.timeout())
                .tcpKeepAlive(true)
                .eventLoopGroup(SdkEventLoopGroup.create(loops, NioSocketChannel::new))
                .build();
    }

    /** The SDK refuses the groups that replace this one in Netty 4.2; those that it makes take two seconds to end. */
    @SuppressWarnings("deprecation")
    private static EventLoopGroup newLoops() {
        return new NioEventLoopGroup(LOOPS, new DefaultThreadFactory("sluice-aws-io", true));
    }

    /** Gives a builder everything that the clients of all services share. */
    <B extends AwsClientBuilder<B, T> & AwsAsyncClientBuilder<B, T>, T> B configured(B builder) {
        synchronized (this) {
            builder.credentialsProvider(credentials).httpClient(http);
        }
        builder.region(region());
        if (!config.endpoint().isEmpty()) {
            builder.endpointOverride(URI.create(config.endpoint()));
        }
        return builder.overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry())
                        .apiCallTimeout(config.timeout())
                        .apiCallAttemptTimeout(config.timeout()))
                .asyncConfiguration(
                        a -> a.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run));
    }

    /** A client that no builder of the SDK makes. */
    JsonCaller caller(JsonCaller.Service service) {
        synchronized (this) {
            return new JsonCaller(
                    service, endpoint(service.name()), region().id(), config.timeout(), credentials, http);
        }
    }

    /** Found as the SDK finds it: configured, of the environment or profile, else the region's, dual stack or FIPS. */
    private URI endpoint(String service) {
        String upper = service.toUpperCase(Locale.ROOT);
        String camel = upper.charAt(0) + service.substring(1);
        return AwsClientEndpointProvider.builder()
                .clientEndpointOverride(config.endpoint().isEmpty() ? null : URI.create(config.endpoint()))
                .serviceEndpointOverrideEnvironmentVariable("AWS_ENDPOINT_URL_" + upper)
                .serviceEndpointOverrideSystemProperty("aws.endpointUrl" + camel)
                .serviceProfileProperty(service)
                .serviceEndpointPrefix(service)
                .defaultProtocol("https")
                .region(region())
                .build()
                .clientEndpoint();
    }

    private Region region() {
        return config.region().isEmpty()
                ? DefaultAwsRegionProviderChain.builder().build().getRegion()
                : Region.of(config.region());
    }

    @Override
    public void close() {
        CompletableFuture<C> made;
        AutoCloseable usedCredentials;
        SdkAsyncHttpClient usedHttp;
        EventLoopGroup usedLoops;
        synchronized (this) {
            closed = true;
            made = client;
            usedCredentials = credentials instanceof AutoCloseable closeable ? closeable : null;
            usedHttp = http;
            usedLoops = loops;
        }
        background.shutdownNow();
        if (made != null && made.isDone() && !made.isCompletedExceptionally()) {
            made.join().close();
        }
        if (usedHttp != null) {
            usedHttp.close();
            usedLoops
                    .shutdownGracefully(LOOPS_QUIET_MILLIS, LOOPS_END_MILLIS, TimeUnit.MILLISECONDS)
                    .awaitUninterruptibly(LOOPS_END_MILLIS, TimeUnit.MILLISECONDS);
        }
        if (usedCredentials != null) {
            try {
                usedCredentials.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** There is no client, for want of region or credentials: nothing was sent. */
    static final class NotConnected extends RuntimeException {

        private static final long serialVersionUID = 1;

        NotConnected(Throwable cause) {
            super(cause.getMessage(), cause);
        }
    }
}
