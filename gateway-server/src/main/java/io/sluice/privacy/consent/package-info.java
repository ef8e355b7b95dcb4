/**
 * Consent: what a visitor has said about being remembered, and what is done with the event for it.
 *
 * <pre>
 *   headers, cookies, country (http) ─┐
 *                                     ├─▶ Consent ─▶ Decision: keep, anonymise, count
 *   a decoder's Form and its bytes ───┘      ▲
 *                                     ConsentTable of ConsentRules, a part of the shop's policy
 * </pre>
 *
 * <p>A decoder of any protocol hands over where its consent stands and in which {@code Form}; it never judges. A new
 * form is a constant of {@code Form}, a class that reads it and a line in {@code Consent}.
 *
 * <p>Parsers read byte ranges, allocate nothing, never throw and never look beyond the range, whatever stands in it.
 * What cannot be read says nothing.
 *
 * <p>Threads: all is confined to its loop but for rules and tables, which are immutable.
 */
package io.sluice.privacy.consent;
