package io.sluice.privacy;

/**
 * Finds personal data in a text, piece by piece, from the left.
 *
 * <p>Confined to its scrubber. Looks only for what the {@link Sieve} has named. Allocates nothing, takes time linear in
 * the text and no more steps than its {@link Allowance}, never throws. Pieces that overlap are found as one, so that
 * nothing of either is left.
 */
final class Finder {

    private static final int NONE = Integer.MAX_VALUE;

    /** Steps that it takes to ask each family, and to write what stands for a piece. */
    private static final int PIECE = 16;

    private final EmailAddress email = new EmailAddress();
    private final PhoneNumber phone = new PhoneNumber();
    private final NumberRun run = new NumberRun();
    private final IpAddress.Found colons = new IpAddress.Found();
    private final LetterIds.Found letters = new LetterIds.Found();
    private final Allowance allowance;
    /** What stands in base64; {@code null} in the finder that looks into that. */
    private final Base64Text inner;

    private Text text;

    private Rules rules;
    private long ids;

    // The next piece of each family, or NONE; behind what was asked for last if it is known.
    private int emailBegin;
    private int tokenBegin;
    private int tokenEnd;
    private Kind tokenKind;
    private int colonsBegin;
    private int numberBegin;
    private int numberEnd;
    private Kind numberKind;

    private int fieldBegin;
    private int fieldEnd;
    private Action fieldAction;

    private final NestedMember member = new NestedMember();
    private int memberBegin;

    /** What is done with the piece if its name decides that. */
    private Action named;
    /** Where a quote stands that is to enclose what stands instead of the piece, or -1. */
    private int quote;

    private Kind kind;
    private int begin;
    private int end;

    /** A finder in texts, and in what stands in base64 within them. */
    Finder(Allowance allowance) {
        this(allowance, new Base64Text(allowance));
    }

    private Finder(Allowance allowance, Base64Text inner) {
        this.allowance = allowance;
        this.inner = inner;
    }

    /** A finder in what stands in base64, which does not look into that again. */
    static Finder nested(Allowance allowance) {
        return new Finder(allowance, null);
    }

    /**
     * Begins with a text.
     *
     * @param classes of the {@link Sieve}
     */
    void begin(Text text, int classes, Rules rules) {
        this.text = text;
        this.rules = rules;
        this.ids = rules.ids();
        fieldBegin = (classes & Sieve.PARAMETER) != 0 ? -1 : NONE;
        memberBegin = (classes & Sieve.MEMBER) != 0 ? -1 : NONE;
        emailBegin = (classes & Sieve.AT) != 0 ? -1 : NONE;
        tokenBegin = (classes & Sieve.TOKEN) != 0 ? -1 : NONE;
        colonsBegin = (classes & Sieve.COLONS) != 0 ? -1 : NONE;
        numberBegin = (classes & (Sieve.NUMBER | Sieve.TOKEN)) != 0 ? -1 : NONE;
    }

    Kind kind() {
        return kind;
    }

    /** What is to be done with it. */
    Action action() {
        return switch (kind) {
            case UNREAD -> Action.REMOVE;
            case FIELD -> named;
            case EMAIL, SECRET, IBAN, CARD, IP, MAC, ID, PHONE, COORDINATES -> rules.action(kind);
        };
    }

    /** Where a quote stands in the text as which is to be put around what is written, or -1. */
    int quote() {
        return quote;
    }

    int begin() {
        return begin;
    }

    int end() {
        return end;
    }

    /** Looks for the first piece at or behind {@code from}, and answers whether there is one. */
    boolean next(int from) {
        allowance.pass(PIECE);
        if (emailBegin < from) {
            boolean secrets = rules.action(Kind.SECRET) != Action.KEEP;
            emailBegin = email.find(text.bytes, from, text.to, secrets) ? email.begin : NONE;
        }
        if (tokenBegin < from) {
            findToken(from);
        }
        if (colonsBegin < from) {
            colonsBegin = IpAddress.findColons(text, from, colons) ? colons.begin : NONE;
        }
        if (numberBegin < from) {
            findNumber(from);
        }
        if (fieldBegin < from) {
            findField(from);
        }
        if (memberBegin < from) {
            memberBegin = member.find(text, rules.members(), from) ? member.begin : NONE;
        }
        begin = Math.min(
                Math.min(fieldBegin, memberBegin),
                Math.min(Math.min(emailBegin, tokenBegin), Math.min(colonsBegin, numberBegin)));
        if (begin == NONE) {
            return false;
        }
        end = begin + 1;
        kind = null;
        // Each may reach into another, and that into one that was looked at before.
        for (int before = 0; before != end; ) {
            before = end;
            join(emailBegin, email.end, email.kind);
            join(tokenBegin, tokenEnd, tokenKind);
            join(colonsBegin, colons.end, colons.mac ? Kind.MAC : Kind.IP);
            join(numberBegin, numberEnd, numberKind);
            join(fieldBegin, fieldEnd, Kind.FIELD);
            join(memberBegin, member.end, Kind.FIELD);
        }
        named = fieldAction;
        quote = -1;
        if (memberBegin < end) {
            takeMember();
        }
        return true;
    }

    /**
     * Does with the piece as the name of the member says, whatever is within; calls it what a detector does if that
     * found just this and would do the same.
     */
    private void takeMember() {
        named = member.action;
        Kind found = member.quote < 0 && begin == memberBegin && end == member.end ? sameAsMember() : Kind.FIELD;
        kind = found != Kind.FIELD && rules.action(found) == named ? found : Kind.FIELD;
        boolean coarse = named == Action.TRUNCATE && Replacement.isDecimal(text.bytes, begin, end);
        if (member.quote >= 0 && !coarse) {
            // As of members that are not nested: what is no string has no shape to keep.
            named = named == Action.HASH ? named : Action.REMOVE;
            quote = begin == memberBegin ? member.quote : -1;
        }
    }

    private Kind sameAsMember() {
        if (emailBegin == begin && email.end == end) {
            return email.kind;
        }
        if (tokenBegin == begin && tokenEnd == end) {
            return tokenKind;
        }
        if (colonsBegin == begin && colons.end == end) {
            return colons.mac ? Kind.MAC : Kind.IP;
        }
        return numberBegin == begin && numberEnd == end ? numberKind : Kind.FIELD;
    }

    private void join(int otherBegin, int otherEnd, Kind other) {
        if (otherBegin < end) {
            end = Math.max(end, otherEnd);
            if (kind == null || other.ordinal() < kind.ordinal()) {
                kind = other;
            }
        }
    }

    /** Looks for the value of a parameter whose name is personal. */
    private void findField(int from) {
        byte[] b = text.bytes;
        int at = Parameter.find(text.parameters, b, text.from, from, text.to);
        fieldBegin = NONE;
        if (at >= 0) {
            fieldAction = text.parameters.action(b, Parameter.name(b, text.from, at), at);
            fieldBegin = at + 1;
            fieldEnd = Parameter.end(b, at + 1, text.to);
        }
    }

    private void findToken(int from) {
        byte[] b = text.bytes;
        int at = from;
        while (at < text.to) {
            if (!Ascii.isToken(b[at])) {
                at++;
                continue;
            }
            int begins = at;
            while (at < text.to && Ascii.isToken(b[at])) {
                at++;
            }
            // What stands before a dot may be shorter.
            if (at - begins < Secrets.SHORTEST_BASIC && (at == text.to || b[at] != '.' || at - begins > 4)) {
                continue;
            }
            if (Secrets.isMac(b, begins, text.to)) {
                tokenBegin = begins;
                tokenEnd = begins + 17;
                tokenKind = Kind.MAC;
                return;
            }
            allowance.pass(at - begins);
            int ends = Secrets.end(text, begins);

            if (ends == 0) {
                continue;
            }
            Kind found = Kind.SECRET;
            if (Secrets.isJson(text, begins, ends) && inner != null) {
                found = inner.find(b, begins, ends, rules);
                if (found == null) {
                    // What has been decoded is not decoded again.
                    at = ends;
                    continue;
                }
            }
            tokenBegin = begins;
            tokenEnd = ends;
            tokenKind = found;
            return;
        }
        tokenBegin = NONE;
    }

    private void findNumber(int from) {
        byte[] b = text.bytes;
        numberBegin = NONE;
        numberEnd = 0;
        int at = from;
        int limit = text.to;
        while (at < limit) {
            if (!Ascii.isDigit(b[at])) {
                at++;
                continue;
            }
            if (allowance.isUsedUp(at - text.from)) {
                if (numberBegin == NONE) {
                    numberBegin = at;
                    numberEnd = text.to;
                    numberKind = Kind.UNREAD;
                }
                return;
            }
            run.read(text, at);
            allowance.spend(run);
            if (isStrong(at, from)) {
                // A weak one before that reaches into it has been kept.
                numberBegin = Math.min(numberBegin, begin);
                numberEnd = Math.max(numberEnd, end);
                numberKind = kind;
                return;
            }
            if (numberBegin == NONE && phone.find(text, run) && phone.begin >= from) {
                numberBegin = phone.begin;
                numberEnd = phone.end;
                numberKind = Kind.PHONE;
                limit = phone.end;
            }
            at = run.groups == 0 ? at + 1 : run.end[0];
            while (at < limit && Ascii.isDigit(b[at])) {
                at++;
            }
        }
    }

    /** Whether a number begins at {@code at} that has check digits, or looks like nothing else. */
    private boolean isStrong(int at, int from) {
        begin = at;
        int before = text.at(at - 1);
        if (Ascii.isLetter(before) && at - from >= 2 && strong(Iban.end(text, at), Kind.IBAN)) {
            begin = at - 2;
            return true;
        }
        if (strong(Coordinates.end(text, at), Kind.COORDINATES)) {
            begin = before == '-' && at > from ? at - 1 : at;
            return true;
        }
        if (strong(IpAddress.v4(text, run), Kind.IP)) {
            return true;
        }
        int groups = CardNumber.groups(text, run);
        if (groups > 0 && strong(CardNumber.end(text, run, groups), Kind.CARD)) {
            return true;
        }
        groups = CardNumber.groupsBehindPercent(text, run);
        if (groups > 0 && CardNumber.percent(text, run) >= from) {
            begin = CardNumber.percent(text, run);
            return strong(CardNumber.end(text, run, groups), Kind.CARD);
        }
        if (ids == 0) {
            return false;
        }
        if (LetterIds.find(text, at, ids, letters) && letters.begin >= from) {
            begin = letters.begin;
            return strong(letters.end, Kind.ID);
        }
        return strong(DigitIds.end(text, run, ids), Kind.ID);
    }

    private boolean strong(int ends, Kind found) {
        end = ends;
        kind = found;
        return ends > 0;
    }
}
