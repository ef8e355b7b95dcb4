package io.sluice.privacy;

import io.sluice.json.Swar;
import java.nio.charset.StandardCharsets;

/**
 * What the words before a number say that it is. Stateless; allocates nothing.
 *
 * <p>Looks at the last words of the text before the number, and where the text begins with it, at the name of the
 * member. Words are told by their first eight letters; an upper-case letter behind a lower-case one begins a word.
 */
final class Context {

    static final int PHONE = 1;
    /** A number of things: an order, a product, a parcel. */
    static final int CODE = 2;

    static final int VERSION = 4;
    static final int MONEY = 8;
    static final int TIME = 16;
    /** A thing that has a number of its own, which is no person's whatever its check digits say. */
    static final long THING = 1L << 62;

    /** The name of the member says that the value, which begins with the number, is an id; if not of what. */
    static final long NAMED = 1L << 60;

    /** A person, or what states know one by: what follows is no thing. */
    private static final long PERSON = 1L << 61;

    /** A place on the earth. */
    static final long PLACE = 1L << 59;

    /** A payment card: what is paid with one may be an order. */
    static final long CARD = 1L << 56;

    /** A reference within a text. As the name of a member it is that of the referrer. */
    static final long REFERENCE = 1L << 57;

    /** A computer's address. */
    static final long ADDRESS = 1L << 58;

    /** Number of the first of as many bits as there are {@link NationalId}s. */
    static final int ID = 5;

    /** What says that a number is a person's. */
    private static final long SOMEBODY = PHONE | NationalId.all() << ID;

    private static final int WORDS = 4;
    /** Letters of a word that is more than one word of memory. */
    private static final int LONG = 9;

    private static final int BYTES = 48;

    private static final long LOW_SEVEN = ~Swar.HIGH_BITS;
    private static final long CASES = Swar.all(0x20);
    /** Added to seven bits sets the high bit of what is not below the letter. */
    private static final long FROM_A = Swar.all(0x80 - 'a');

    private static final long BEHIND_Z = Swar.all(0x80 - 'z' - 1);

    private static final int SLOTS = 1024;
    private static final long[] KEYS = new long[SLOTS];
    private static final long[] VALUES = new long[SLOTS];

    static {
        put(
                PHONE,
                "tel telefon telephone telefone telefono telefoon telefonnummer phone phonenumber phones mobile mobil "
                        + "mobilnummer movil handy handynummer cell cellphone cellular celular fax faks whatsapp msisdn gsm sms "
                        + "whats call ruf anrufen telepono cep cep_no rufnummer telnr telno fon mob numero_telefono portable puhelin "
                        + "telefonu telefoni telefonszam puhelinnumero dial contact kontakt contactnumber");
        put(
                CODE | THING,
                "order orderid ordernumber orderno bestellung bestellnummer bestellnr auftrag auftragsnummer invoice "
                        + "rechnung rechnungsnummer sku art artikel artnr artikelnummer isbn issn pzn ean gtin upc asin "
                        + "tracking trackingnumber parcel paket shipment sendung ticket product item part model serial "
                        + "batch lot build isrc transaction cart basket tracking_number awb barcode variant "
                        + "campaign adset adgroup creative placement collection category checkout fulfillment "
                        + "rma retoure return returns kundennr kundennummer imei imeisv iccid waybill consignment receipt commande pedido ordine zamowienie objednavka bon "
                        + "article articles size sizes groesse groessen taille tailles talla taglia");
        put(
                CODE,
                "id ids uuid guid hash isin code codes coupon voucher gutschein promo reference case zip plz postcode session quantity qty count width "
                        + "height duration dimension resolution iso din norm");
        put(PERSON, "personal person national identity citizen passport tax steuer social insured patient resident");
        put(
                VERSION,
                "version ver versions release firmware build appversion sdkversion osversion pkg package oid rev revision "
                        + "sdk plugin assembly driver");
        put(
                MONEY,
                "eur euro euros usd gbp chf kr rs inr jpy cny pln czk sek nok dkk total price preis amount betrag revenue "
                        + "value subtotal tax shipping discount cost sum saldo zl brl mxn");
        put(TIME, "date datum time timestamp ts at since until epoch iat exp created updated expires");
        put(
                PLACE,
                "lat latitude lng lon longitude center centre centroid latlng latlon latlong lnglat lonlat geo geolocation geopoint geoip gps "
                        + "coordinates coords coord koordinaten location loc place standort map maps");
        put(
                CARD,
                "card cards creditcard debitcard cardnumber ccnumber cc pan karte karten kreditkarte kartennummer carta "
                        + "carte tarjeta cartao kort visa mastercard maestro amex mir unionpay jcb discover diners paid pay "
                        + "payment zahlung bezahlt gezahlt");
        put(REFERENCE, "ref");
        put(ADDRESS, "ip ips ipv addr address addresses host hosts hostname server client remote ping subnet gateway");
        NationalId.names(Context::put);
    }

    private Context() {}

    private static void put(long bits, String words) {
        for (String word : words.split(" ")) {
            long key = 0;
            byte[] ascii = word.replace("_", "").getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < Math.min(8, ascii.length); i++) {
                key |= (long) ascii[i] << 8 * i;
            }
            int slot = slot(key);
            while (KEYS[slot] != 0 && KEYS[slot] != key) {
                slot = slot + 1 & SLOTS - 1;
            }
            KEYS[slot] = key;
            VALUES[slot] |= bits;
        }
    }

    /** What the last words before {@code at} announce. */
    static long before(Text text, int at) {
        long bits = 0;
        int words = 0;
        boolean first = true;
        byte[] b = text.bytes;
        int lowest = Math.max(text.from, at - BYTES);
        int i = at;
        while (i > lowest && words < WORDS) {
            int end = i;
            while (i > lowest && !Ascii.isLetter(b[i - 1])) {
                int c = b[--i];
                first &= !Ascii.isDigit(c);
                if (c == '&' || c == ';' || c == ',' || c == '{' || c == '}' || c == '\n' || c == '|') {
                    // What is announced lies behind these.
                    return announced(bits);
                }
                if (end - i > 16) {
                    return announced(bits);
                }
            }
            int wordEnd = i;
            i = wordBegin(b, lowest, i);
            if (i < wordEnd) {
                bits |= isInId(b, text.from, i, wordEnd, at) ? 0 : bits(b, i, wordEnd);
                words++;
            }
        }
        if (i == text.from && words < WORDS && text.nameTo > text.nameFrom) {
            bits |= name(text, first && words == 0);
        }
        return announced(bits);
    }

    /**
     * Whether a word before {@code at}, in the string that begins at {@code from} or in the name of its member, may
     * announce a telephone or a person's number. May take more words for such than {@link #before} does, never less.
     */
    static boolean mayAnnounce(byte[] b, int from, int at) {
        int lowest = Math.max(from, at - BYTES);
        return mayAnnounce(b, lowest, at, WORDS) || lowest == from && mayName(b, from);
    }

    private static boolean mayAnnounce(byte[] b, int lowest, int to, int words) {
        int i = to;
        for (int left = words; left > 0; left--) {
            while (i > lowest && !Ascii.isLetter(b[i - 1])) {
                i--;
            }
            if (i == lowest) {
                return false;
            }
            int end = i;
            int length = end >= 8 ? Math.min(lettersBefore(b, end), end - lowest) : LONG;
            if (length == 8 && end - 8 > lowest && Ascii.isLetter(b[end - 9])) {
                length = LONG;
            }
            long word = length < LONG ? Swar.word(b, end - 8) : 0;
            long cases = length < LONG ? -1L << 8 * (8 - length) & CASES : 0;
            long lower = word & cases;
            long bits;
            if (length < LONG && (lower == cases || lower == 0)) {
                // Most words are short, and of one case.
                i = end - length;
                bits = value((word | cases) >>> 8 * (8 - length));
            } else {
                i = wordBegin(b, lowest, end);
                bits = bits(b, i, end);
            }
            if ((bits & SOMEBODY) != 0) {
                return true;
            }
        }
        return false;
    }

    /** How many letters stand right before {@code end}, up to eight. */
    private static int lettersBefore(byte[] b, int end) {
        long word = Swar.word(b, end - 8);
        long letter = word & LOW_SEVEN | CASES;
        long others = ((letter + FROM_A) & ~(letter + BEHIND_Z) & ~word & Swar.HIGH_BITS) ^ Swar.HIGH_BITS;
        return Long.numberOfLeadingZeros(others) >>> 3;
    }

    /** As {@link #mayAnnounce}, of the name before the quote of the string; also if it cannot be seen from here. */
    private static boolean mayName(byte[] b, int from) {
        int at = from - 1;
        if (at < 0 || b[at] != '"') {
            return true;
        }
        while (at > 0 && b[at - 1] == ' ') {
            at--;
        }
        if (at < 3 || b[at - 1] != ':' || b[at - 2] != '"') {
            return false;
        }
        int end = at - 2;
        int lowest = Math.max(0, end - Text.LONGEST_NAME);
        int begin = end;
        while (begin > lowest && b[begin - 1] != '"') {
            begin--;
        }
        return mayAnnounce(b, begin, end, WORDS);
    }

    private static long announced(long bits) {
        return (bits & PERSON) != 0 ? bits & ~(THING | NAMED) : bits;
    }

    /** Whether letters are those of an id rather than a word: behind a digit, or before digits and letters. */
    private static boolean isInId(byte[] b, int lowest, int from, int to, int limit) {
        if (from > lowest && Ascii.isDigit(b[from - 1])) {
            return true;
        }
        int at = to;
        while (at < limit && Ascii.isDigit(b[at])) {
            at++;
        }
        return at > to && at < limit && Ascii.isLetter(b[at]);
    }

    private static long name(Text text, boolean alone) {
        long bits = 0;
        int i = text.nameTo;
        for (int words = 0; i > text.nameFrom && words < WORDS; words++) {
            while (i > text.nameFrom && !Ascii.isLetter(text.source[i - 1])) {
                i--;
            }
            int end = i;
            i = wordBegin(text.source, text.nameFrom, i);
            bits |= bits(text.source, i, end);
        }
        bits &= ~REFERENCE;
        // A name says what a number is, but of a text only whom it is about.
        return !alone ? bits & (-1L << ID | PHONE) & ~THING : (bits & CODE) != 0 ? bits | NAMED : bits;
    }

    private static int wordBegin(byte[] b, int lowest, int end) {
        int i = end;
        while (i > lowest && Ascii.isLetter(b[i - 1])) {
            i--;
            if (b[i] <= 'Z' && i > lowest && b[i - 1] >= 'a') {
                break;
            }
        }
        return i;
    }

    private static long bits(byte[] b, int from, int to) {
        long key = 0;
        int length = Math.min(8, to - from);
        for (int i = 0; i < length; i++) {
            key |= (long) (b[from + i] | 0x20) << 8 * i;
        }
        long bits = value(key);
        return bits == 0 && isSize(b, from, to) ? CODE | THING : bits;
    }

    /** What the word of these letters announces. */
    private static long value(long key) {
        for (int slot = slot(key); KEYS[slot] != 0; slot = slot + 1 & SLOTS - 1) {
            if (KEYS[slot] == key) {
                return VALUES[slot];
            }
        }
        return 0;
    }

    /** Whether the letters are those at the end of the German word for a size, of which two are beyond ASCII. */
    private static boolean isSize(byte[] b, int from, int to) {
        return to - from <= 2
                && to > from
                && (b[from] | 0x20) == 'e'
                && from >= 6
                && b[from - 1] == (byte) 0x9f
                && b[from - 2] == (byte) 0xc3
                && b[from - 3] == (byte) 0xb6
                && b[from - 4] == (byte) 0xc3
                && (b[from - 5] | 0x20) == 'r'
                && (b[from - 6] | 0x20) == 'g';
    }

    private static int slot(long key) {
        return (int) (key * 0x9E3779B97F4A7C15L >>> 54);
    }
}
