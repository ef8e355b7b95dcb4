package io.sluice.privacy;

import java.util.EnumSet;
import java.util.Set;

/**
 * Numbers that states give to persons, each with its check digits or, where it has none, its rules.
 *
 * <p>One that could as well be the number of an order is found only in the groups in which people write it, or behind
 * a word or a name that announces it; the others wherever they stand.
 */
enum NationalId {
    US_SSN("us-ssn", "ssn social socialsecurity socialsecuritynumber"),
    US_ITIN("us-itin", "itin taxpayer"),
    CA_SIN("ca-sin", "sin nas insurance"),
    AU_TFN("au-tfn", "tfn tax taxfilenumber"),
    AU_MEDICARE("au-medicare", "medicare"),
    UK_NINO("uk-nino", "nino ni national nationalinsurance insurance"),
    UK_NHS("uk-nhs", "nhs"),
    DE_TAX_ID("de-tax-id", "steuerid steueridentifikationsnummer idnr tin"),
    DE_SOCIAL("de-social", "rvnr rentenversicherungsnummer sozialversicherungsnummer"),
    DE_HEALTH("de-health", "kvnr krankenversichertennummer"),
    FR_NIR("fr-nir", "nir insee secu securite"),
    ES_ID("es-id", "dni nif nie"),
    IT_CODE("it-code", "codicefiscale fiscale cf"),
    PT_NIF("pt-nif", "nif contribuinte"),
    NL_BSN("nl-bsn", "bsn burgerservicenummer sofi sofinummer"),
    BE_NUMBER("be-number", "rijksregister rijksregisternummer niss insz"),
    CH_AHV("ch-ahv", "ahv avs"),
    PL_PESEL("pl-pesel", "pesel"),
    RO_CNP("ro-cnp", "cnp numeric"),
    BG_EGN("bg-egn", "egn"),
    HR_OIB("hr-oib", "oib"),
    RS_JMBG("rs-jmbg", "jmbg emso"),
    EE_CODE("ee-code", "isikukood asmenskodas"),
    SE_NUMBER("se-number", "personnummer pnr samordningsnummer"),
    NO_NUMBER("no-number", "fodselsnummer personnummer fnr"),
    DK_CPR("dk-cpr", "cpr cprnummer"),
    FI_CODE("fi-code", "hetu henkilotunnus"),
    IE_PPS("ie-pps", "pps ppsn"),
    TR_NUMBER("tr-number", "kimlik tckn tc"),
    BR_CPF("br-cpf", "cpf"),
    AR_CUIT("ar-cuit", "cuit cuil"),
    CL_RUT("cl-rut", "rut run"),
    MX_CURP("mx-curp", "curp"),
    IN_AADHAAR("in-aadhaar", "aadhaar aadhar uidai"),

    SG_NRIC("sg-nric", "nric fin"),
    TH_NUMBER("th-number", "tnin thai"),
    KR_NUMBER("kr-number", "rrn frn jumin"),
    ZA_NUMBER("za-number", "rsa said"),
    AT_SVNR("at-svnr", "svnr sv svnummer sozialversicherungsnummer versicherungsnummer"),
    CZ_NUMBER("cz-number", "rodne rodn rodnecislo rc birthnumber"),
    IS_NUMBER("is-number", "kennitala kt"),
    GR_AMKA("gr-amka", "amka"),
    HU_TAJ("hu-taj", "taj tajszam"),
    IL_NUMBER("il-number", "teudat zehut"),
    CN_NUMBER("cn-number", "shenfenzheng sfz");

    private final String key;
    private final String names;

    NationalId(String key, String names) {
        this.key = key;
        this.names = names;
    }

    /** As policies name it. */
    String key() {
        return key;
    }

    long bit() {
        return 1L << ordinal();
    }

    static long bits(Set<NationalId> ids) {
        long bits = 0;
        for (NationalId id : ids) {
            bits |= id.bit();
        }
        return bits;
    }

    static long all() {
        return bits(EnumSet.allOf(NationalId.class));
    }

    /** Takes bits of a context and the words that announce what they stand for. */
    interface Names {
        void put(long bits, String words);
    }

    static void names(Names to) {
        for (NationalId id : values()) {
            to.put(1L << Context.ID + id.ordinal(), id.names);
        }
    }

    boolean isIn(long set) {
        return (set & bit()) != 0;
    }
}
