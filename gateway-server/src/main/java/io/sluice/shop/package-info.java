/**
 * Who may send: immutable snapshots of the shops with their keys, origins and stream groups, looked up by bytes without
 * allocating.
 *
 * <p>Threads: any; a snapshot never changes, the registry replaces it whole.
 */
package io.sluice.shop;
