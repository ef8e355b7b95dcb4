/**
 * The secrets that pseudonyms are made with, one for each period, made once for the fleet and destroyed afterwards.
 *
 * <pre>
 *   SecretStore ◀─find, make, destroy─ PeriodSecrets ─snapshot─▶ HmacPseudonyms of each loop
 *    (DirectorySecrets, or a bucket)     its own thread
 * </pre>
 *
 * <p>A secret is random and nothing leads from one to another, so what is destroyed cannot be made again.
 */
package io.sluice.privacy.period;
