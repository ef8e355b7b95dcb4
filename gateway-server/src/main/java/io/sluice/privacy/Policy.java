package io.sluice.privacy;

import io.sluice.privacy.consent.ConsentRules;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is looked for, and what is done with it. Immutable; data, which {@link PolicyFile} reads.
 *
 * @param name as shops and options name it
 * @param version told with each record; never 0
 * @param actions what is done with each kind that is found
 * @param ids which numbers of persons are looked for
 * @param fields what is done with values by what they are called
 * @param client what is done with the client's address and agent
 * @param consent what is done with events for the sake of consent
 */
record Policy(
        String name,
        int version,
        Map<Kind, Action> actions,
        Set<NationalId> ids,
        Map<FieldPattern, Action> fields,
        ClientData client,
        ConsentRules consent) {

    private static final Set<String> PRESETS = Set.of("strict", "gdpr", "ccpa", "minimal");

    /** Names whose values are personal whatever they look like. */
    static final String PERSONAL =
            "email mail emailaddress usermail customeremail phone phonenumber telephone tel mobile mobilenumber "
                    + "cellphone fax firstname lastname fullname surname familyname givenname middlename street streetaddress "
                    + "address postaladdress homeaddress shippingaddress billingaddress deliveryaddress "
                    + "address1 address2 addressline1 addressline2 birthday birthdate dateofbirth dob ssn socialsecuritynumber passport "
                    + "passportnumber nationalid taxid iban bankaccount accountnumber accountholder traits usertraits userdata "
                    + "useremail emails vorname nachname telefon telefonnummer handynummer strasse geburtsdatum "
                    // What states call the number of a person, which is digits alone in many.
                    + "pesel bsn nino steuerid steueridnr steuernummer nir dni nie codicefiscale cnp egn jmbg personnummer "
                    + "cpf curp sin tfn cpr cuit rut aadhaar nif oib pps nationalinsurance socialsecurity idcard "
                    + "cardholder cardholdername nameoncard holdername street1 street2 streetname address3 addressline3 customername recipientname";

    /** Those of them that hold addresses of mail, which are one person's in a field and in a text. */
    static final String MAIL = "email mail emailaddress usermail customeremail useremail emails";

    /** Names whose values let somebody in, or pay. */
    static final String SECRET =
            "password newpassword oldpassword currentpassword confirmpassword passwordconfirmation passwort kennwort "
                    + "passwd pwd passphrase pin secret clientsecret token accesstoken refreshtoken idtoken authtoken "
                    + "apikey xapikey apisecret secretkey secretaccesskey awssecretaccesskey consumersecret xauthtoken xaccesstoken jwt "
                    + "bearertoken proxyauthorization authorization auth cookie setcookie sessiontoken csrf csrftoken otp cvv cvc cvv2 cardnumber ccnumber pan "
                    + "creditcard privatekey "
                    + "pass pw userpass loginpass passcode credentials securitycode cardsecuritycode csc cvn cvc2 cvvcode cvccode "
                    + "verificationcode otpcode mfacode smscode cardpin sessioncookie authcookie "
                    // Whatever stands before: what such a name ends in tells what the value is for.
                    + "*password *passwd *passwort *passphrase *pwd *secret *token *apikey *secretkey *privatekey *securitycode "
                    + "*cvv *cvc";

    /** Names of the two halves of a place, which say nothing each by itself. */
    static final String PLACE =
            "latitude longitude lat lng lon *latitude *longitude userlat userlng userlon userlong geolat geolng geolon geolong "
                    + "gpslat gpslng gpslon gpslong customerlat customerlng customerlon deliverylat deliverylng deliverylon";

    /** A name of such a half that is a common word too: only numbers under it are one. */
    static final String HALF = "long";

    /**
     * Names under which lists of numbers are places. Not <em>position</em>: each product of a list has one, in nearly
     * every event, and none is a place.
     */
    static final String POINT =
            "coordinates coordinate coords location geo geolocation geopoint latlng latlon latlong lnglat lonlat "
                    + "center centre point gps *location *coordinates *coords *latlng *lnglat";

    /** Names under which a number of JSON may be a telephone's. */
    static final String TELEPHONE =
            "*phone phone* *phonenumber *mobile mobile* *mobilenumber *mobil *cell *fax *tel *telefon *telefonnummer "
                    + "*telefono *handy *handynummer *whatsapp *msisdn *gsm";

    /** Names of what tells one visitor from another, or a visit from the next: only where an event is anonymised. */
    static final String IDENTIFYING =
            "uid userid user userids useridentifier username login loginid nickname displayname aid anonymousid anonid "
                    + "sid sessionid session visitorid visitor visitid deviceid clientid cid customerid customer accountid memberid "
                    + "profileid personid contactid subscriberid guestid distinctid externalid loyaltyid fingerprint browserid "
                    + "browserfingerprint cookieid duid nuid tnuid domainuserid networkuserid domainsessionid idfa idfv gaid aaid adid "
                    + "advertisingid androidid installid installationid appinstanceid instanceid insertid messageid eventid "
                    + "pageviewid viewid hitid requestid traceid correlationid gclid gbraid wbraid dclid fbclid fbp fbc msclkid ttclid "
                    + "twclid lifatid yclid igshid mceid mcid epik irclickid clickid ga gid "
                    + "ip ipaddress clientip remoteaddr uip ua useragent "
                    + "ts time timestamp st sentat receivedat originaltimestamp clienttime localtime dtm stm ttm "
                    + "consent gdprconsent gpp tcstring euconsent euconsentv2";

    Policy {
        if (version < 1) {
            throw new IllegalArgumentException("version " + version + ", but policies are numbered from 1");
        }
        EnumMap<Kind, Action> all = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            all.put(kind, actions.getOrDefault(kind, Action.REMOVE));
        }
        actions = Map.copyOf(all);
        ids = Set.copyOf(ids);
        fields = Map.copyOf(fields);
    }

    /**
     * What each record carries: name and version. The name of a preset is its first letter there, since a million of
     * them are written each second; no policy of a file has a name that short.
     */
    String stamp() {
        boolean preset = PRESETS.contains(name);
        return (preset ? name.substring(0, 1) : name) + "/" + version;
    }

    /** All that is known is removed. The policy of whoever names none. */
    static Policy strict() {
        return new Policy(
                "strict",
                1,
                Map.of(Kind.COORDINATES, Action.TRUNCATE),
                EnumSet.allOf(NationalId.class),
                with(fields(Action.REMOVE, PERSONAL, SECRET), fields(Action.TRUNCATE, PLACE)),
                ClientData.DEFAULT,
                ConsentRules.strict());
    }

    /** Persons become pseudonyms, places and agents coarse, so that visits can still be joined. */
    static Policy gdpr() {
        return new Policy(
                "gdpr",
                1,
                Map.of(
                        Kind.EMAIL, Action.HASH,
                        Kind.PHONE, Action.HASH,
                        Kind.IP, Action.TRUNCATE,
                        Kind.MAC, Action.HASH,
                        Kind.COORDINATES, Action.TRUNCATE),
                EnumSet.allOf(NationalId.class),
                with(
                        with(fields(Action.REMOVE, SECRET), fields(Action.HASH, PERSONAL)),
                        fields(Action.TRUNCATE, PLACE)),
                new ClientData(ClientData.Address.TRUNCATE, ClientData.Agent.FAMILIES),
                ConsentRules.gdpr());
    }

    /**
     * As gdpr, but that telephones and addresses keep their shape and their network, and so does what is personal by
     * its name; but for mail, so that a person is the same in a field and in a text.
     */
    static Policy ccpa() {
        return new Policy(
                "ccpa",
                2,
                Map.of(
                        Kind.EMAIL, Action.HASH,
                        Kind.PHONE, Action.MASK,
                        Kind.IP, Action.TRUNCATE,
                        Kind.COORDINATES, Action.TRUNCATE),
                EnumSet.of(NationalId.US_SSN, NationalId.US_ITIN, NationalId.CA_SIN),
                with(
                        with(
                                with(fields(Action.REMOVE, SECRET), fields(Action.MASK, PERSONAL)),
                                fields(Action.HASH, MAIL)),
                        fields(Action.TRUNCATE, PLACE)),
                ClientData.DEFAULT,
                ConsentRules.ccpa());
    }

    /** Only what must not be kept in any case: cards, accounts, numbers of persons, secrets; e-mail is masked. */
    static Policy minimal() {
        return new Policy(
                "minimal",
                1,
                Map.of(
                        Kind.EMAIL, Action.MASK,
                        Kind.PHONE, Action.KEEP,
                        Kind.IP, Action.KEEP,
                        Kind.MAC, Action.KEEP,
                        Kind.COORDINATES, Action.KEEP),
                EnumSet.allOf(NationalId.class),
                fields(Action.REMOVE, SECRET),
                ClientData.DEFAULT,
                ConsentRules.minimal());
    }

    /**
     * The policy of events that are anonymised: strict, and without whatever names a person, a device, a visit or a
     * click, or tells the time. What this policy does something with by name goes, too; a pseudonym would be an id
     * again.
     */
    Policy anonymous() {
        Policy strict = strict();
        Map<FieldPattern, Action> all = new LinkedHashMap<>(strict.fields());
        fields.forEach((field, action) -> {
            if (action != Action.KEEP) {
                all.put(field, Action.REMOVE);
            }
        });
        all.putAll(fields(Action.REMOVE, IDENTIFYING));
        return new Policy(name, version, strict.actions(), strict.ids(), all, client, consent);
    }

    /** All presets. */
    static List<Policy> presets() {
        return List.of(strict(), gdpr(), ccpa(), minimal());
    }

    /** The preset of this name, or {@code null}. */
    static Policy preset(String name) {
        for (Policy preset : presets()) {
            if (preset.name().equals(name)) {
                return preset;
            }
        }
        return null;
    }

    private static Map<FieldPattern, Action> fields(Action action, String... lists) {
        Map<FieldPattern, Action> fields = new LinkedHashMap<>();
        for (String names : lists) {
            for (String name : names.split(" ")) {
                fields.put(FieldPattern.ofName(name), action);
            }
        }
        return fields;
    }

    private static Map<FieldPattern, Action> with(Map<FieldPattern, Action> fields, Map<FieldPattern, Action> others) {
        fields.putAll(others);
        return fields;
    }
}
