/**
 * Amazon Web Services behind small interfaces: the only package that sees the SDK.
 *
 * <pre>
 *   delivery ─put, describe─▶ FirehoseApi ◀── SdkFirehose ─▶ SDK ─▶ Netty ─▶ Amazon Data Firehose
 *   delivery ─put───────────▶ ObjectStore ◀── SdkObjectStore ─▶ SDK ─▶ Netty ─▶ Amazon S3
 *            ◀─values, never exceptions──┘
 *   cli ─list, open─────────▶ ObjectReader ◀── SdkObjectReader ─▶ the same; it waits, and throws
 *   privacy, cli ─find, make▶ SecretStore ◀── BucketSecrets ─▶ Amazon S3, and KeyService ◀── SdkKeyService ─▶ AWS KMS
 * </pre>
 *
 * <p>Threads: any may call. A call is marshalled and signed by the thread that makes it (some 13 ms for 4 MB) and
 * completes on one of the SDK's. The SDK makes one attempt; who calls decides what is repeated. Region and credentials
 * are looked for in the background when the first call is made, so that nothing waits for them at start.
 */
package io.sluice.aws;
