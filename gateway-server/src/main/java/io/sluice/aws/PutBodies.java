package io.sluice.aws;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.scheme.AwsV4AuthScheme;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignRequest;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignedRequest;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.IdentityProviders;

/**
 * Has the SDK send a {@link PutBody} in place of what it marshalled, and sign it without a copy. Endpoint, credentials,
 * signature, clock skew, connections, time limits, answers and errors stay the SDK's.
 *
 * <p>Any thread. The SDK's signer buffers what comes from a publisher, but reads a stream as it is: so it is given one.
 */
final class PutBodies {

    /** The body that a call is to be made with. */
    static final ExecutionAttribute<PutBody> BODY = new ExecutionAttribute<>("SluicePutBody");

    private PutBodies() {}

    /** Replaces the body of calls that have one of ours. */
    static final class Replacement implements ExecutionInterceptor {

        @Override
        public SdkHttpRequest modifyHttpRequest(Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
            PutBody body = attributes.getAttribute(BODY);
            return body == null
                    ? context.httpRequest()
                    : context.httpRequest().toBuilder()
                            .putHeader("Content-Length", Long.toString(body.length()))
                            .build();
        }

        @Override
        public Optional<AsyncRequestBody> modifyAsyncHttpContent(
                Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
            PutBody body = attributes.getAttribute(BODY);
            return body == null ? context.asyncRequestBody() : Optional.of(body);
        }
    }

    /** AWS Signature Version 4 with {@link Signer}. */
    static final class Scheme implements AwsV4AuthScheme {

        private final Signer signer = new Signer();

        @Override
        public String schemeId() {
            return SCHEME_ID;
        }

        @Override
        public IdentityProvider<AwsCredentialsIdentity> identityProvider(IdentityProviders providers) {
            return providers.identityProvider(AwsCredentialsIdentity.class);
        }

        @Override
        public AwsV4HttpSigner signer() {
            return signer;
        }
    }

    private static final class Signer implements AwsV4HttpSigner {

        private final AwsV4HttpSigner sdk = AwsV4HttpSigner.create();

        @Override
        public SignedRequest sign(SignRequest<? extends AwsCredentialsIdentity> request) {
            return sdk.sign(request);
        }

        @Override
        public CompletableFuture<AsyncSignedRequest> signAsync(
                AsyncSignRequest<? extends AwsCredentialsIdentity> request) {
            if (!(request.payload().orElse(null) instanceof PutBody body)) {
                return sdk.signAsync(request);
            }
            try {
                SignedRequest signed = sdk.sign(asStream(request, body));
                return CompletableFuture.completedFuture(AsyncSignedRequest.builder()
                        .request(signed.request())
                        .payload(body)
                        .build());
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        private static <T extends AwsCredentialsIdentity> SignRequest<T> asStream(
                AsyncSignRequest<T> request, PutBody body) {
            SignRequest.Builder<T> builder = SignRequest.builder(request.identity())
                    .request(request.request())
                    .payload(body::stream)
                    .putProperty(REGION_NAME, request.property(REGION_NAME))
                    .putProperty(SERVICE_SIGNING_NAME, request.property(SERVICE_SIGNING_NAME));
            if (request.hasProperty(HttpSigner.SIGNING_CLOCK)) {
                // It knows how far this machine's clock is off the service's.
                builder.putProperty(HttpSigner.SIGNING_CLOCK, request.property(HttpSigner.SIGNING_CLOCK));
            }
            return builder.build();
        }
    }
}
