/**
 * The race of Firehose clients, {@code scripts/bench clients}: the gateway's own beside what could be in its place.
 *
 * <pre>
 *   SdkDrive (load-tests) ─▶ Client.open ─┬▶ SdkFirehose: our body and signature, SDK's HTTP client  (the gateway's)
 *                                         ├▶ ModuleClient: the SDK's module over netty-nio-client
 *                                         ├▶ ModuleClient: the SDK's module over aws-crt
 *                                         ├▶ CrtClient: our body and signature over aws-crt
 *                                         └▶ PlainClient: our body and signature on Netty alone
 * </pre>
 *
 * <p>Threads: one that calls, and each client's own, on which answers come.
 */
package io.sluice.aws;
