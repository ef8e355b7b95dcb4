package io.sluice.privacy;

/**
 * Whether digits in one group, with no letter behind them, may be a number that a detector finds:
 * most are the number of an order, a product or a moment, which their count, their first digits and the words before
 * them tell at a tenth of what it costs to ask all detectors.
 *
 * <p>Stateless, allocates nothing. May take more for a number than the detectors do, never less.
 */
final class LoneDigits {

    /** No number has more. */
    private static final int MOST = 19;

    private LoneDigits() {}

    /**
     * @param from where the string begins
     * @param at where the digits do, of which there are at least seven; no letter or digit stands before them
     */
    static boolean mayBeNumber(byte[] b, int from, int at, int digits) {
        assert Ascii.isDigit(b[at]) && Ascii.isDigit(b[at + digits - 1]);
        if (digits > MOST) {
            return false;
        }
        int before = at > from ? b[at - 1] : 0;
        // Behind a plus it is a telephone number of any kind, a parenthesis may open an area code.
        if (before == '+' || before == '(' || before == ' ' && at - 1 > from && b[at - 2] == '+') {
            return true;
        }
        // One zero dials another area, two another country; three fill up the number of a thing.
        if (b[at] == '0' && (b[at + 1] != '0' || b[at + 2] != '0')) {
            return true;
        }
        int two = 10 * (b[at] - '0') + b[at + 1] - '0';
        return CardNumber.mayBegin(b, at, digits)
                || mayBePerson(two, digits)
                // A link to a conversation: wa.me/4915123456789.
                || before == '/' && at - 3 > from && b[at - 2] == 'e' && b[at - 3] == 'm'
                || Context.mayAnnounce(b, from, at);
    }

    /** Whether so many digits may be a person's by their check digits alone, with no word that says whose they are. */
    private static boolean mayBePerson(int firstTwo, int digits) {
        return switch (digits) {
            // Not a time of these years, in seconds or milliseconds.
            case 10, 13 -> firstTwo < 14 || firstTwo > 20;
            case 11, 15 -> true;
            // A person of Sweden, with the century of birth.
            case 12 -> firstTwo >= 18 && firstTwo <= 20;
            // A region of China.
            case 18 -> firstTwo >= 10 && firstTwo <= 89;
            default -> false;
        };
    }
}
