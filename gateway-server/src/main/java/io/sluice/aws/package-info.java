/**
 * Amazon Web Services behind small interfaces: the only package that sees the SDK.
 *
 * <pre>
 *   delivery ─put, describe─▶ FirehoseApi ◀── SdkFirehose ─▶ JsonCaller ─▶ SDK's HTTP client ─▶ Amazon Data Firehose
 *   delivery ─put───────────▶ ObjectStore ◀── SdkObjectStore ─▶ SDK ─▶ Netty ─▶ Amazon S3
 *            ◀─values, never exceptions──┘
 *   cli ─list, open─────────▶ ObjectReader ◀── SdkObjectReader ─▶ the same; it waits, and throws
 *   privacy, cli ─find, make▶ SecretStore ◀── BucketSecrets ─▶ Amazon S3, and KeyService ◀── SdkKeyService ─▶ AWS KMS
 *   cli ─versions, replace──▶ ObjectVersions ◀── SdkObjectVersions ─▶ the same
 * </pre>
 *
 * <p>Threads: any may call. A call is marshalled and signed by the thread that makes it (a put: some millisecond a MB)
 * and completes on one of the SDK's. There is one attempt; who calls decides what is repeated. Region and credentials
 * are looked for in the background when the first call is made, so that nothing waits for them at start.
 *
 * <p>S3 is called by the SDK's own module. Firehose and KMS, of which two calls each are needed, are called by
 * {@code JsonCaller}: what the SDK does beside region, credentials, endpoint and HTTP costs a put more than all the
 * rest (docs/decisions/0009).
 */
package io.sluice.aws;
