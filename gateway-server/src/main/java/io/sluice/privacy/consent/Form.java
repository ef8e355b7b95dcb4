package io.sluice.privacy.consent;

/** In which form consent stands in an event: what a decoder says of the bytes that it hands over. */
public enum Form {
    /** Any of the forms below but for the flags, told by its looks; a word; or a JSON value with such. */
    ANY,
    /** TC string, version 2: {@code gdpr_consent}. */
    TCF,
    /** {@code 0} or {@code 1}: whether the GDPR applies. If not, a TC string says nothing. */
    GDPR_APPLIES,
    /** GPP string: {@code gpp}. */
    GPP,
    /** Numbers of the sections of a GPP string that apply: {@code gpp_sid=7,8}. Without them all do. */
    GPP_SECTIONS,
    /** {@code us_privacy}: {@code 1YNN}. */
    US_PRIVACY,
    /** Google's consent status: {@code G1xy}. */
    GCS,
    /** Google's consent by default and update: {@code 11p1p1p1p5}. */
    GCD,
    /** An object, or a list of pairs, of names and yes or no; also Segment's {@code context.consent}. */
    CATEGORIES,
    /** An object that may have a member with such: Segment's {@code context}. Nothing else of it is looked at. */
    CONTEXT,
    /** Snowplow's self-describing JSON: the event, or its contexts. */
    SNOWPLOW
}
