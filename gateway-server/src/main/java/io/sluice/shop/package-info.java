/**
 * Who may send: immutable snapshots of the shops with their keys, origins and stream groups, looked up by bytes without
 * allocating.
 *
 * <p>Threads: any; a snapshot never changes, the registry replaces it whole.
 *
 * <pre>
 *   shops.yaml ─▶ ShopsFile ─▶ Shops (snapshot) ─▶ ShopRegistry ─▶ write key → Shop         (intake)
 *                 all problems                     one volatile    origin → allowed at all   (http)
 *                 in one report                    reference
 * </pre>
 */
package io.sluice.shop;
