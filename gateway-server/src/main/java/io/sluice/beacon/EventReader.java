package io.sluice.beacon;

import io.sluice.json.Scanner;
import io.sluice.metrics.Reason;
import io.sluice.privacy.ScrubbedSink;
import io.sluice.privacy.consent.Form;
import io.sluice.record.Field;

/**
 * Reads one event, a JSON object in the native form, and notes it in the sink: known names as fields of the schema, all
 * else as properties.
 *
 * <p>Confined to its decoder; allocates nothing. A known name with a value of the wrong type is a property like any
 * other.
 */
final class EventReader {

    static final int MAX_NAME_BYTES = 256;
    static final int MAX_ID_BYTES = 256;

    private static final int FIELDS = Field.values().length;

    private final int maxEventBytes;

    private Scanner scanner;
    private ScrubbedSink sink;
    private Reason reason;
    private int reasonOffset;

    // The members that the event's fields are taken from: begin, end, first and last mark, rank of the name.
    private static final int ROW = 8;
    private final int[] members = new int[ROW * FIELDS];

    EventReader(int maxEventBytes) {
        this.maxEventBytes = maxEventBytes;
    }

    /** Why the object that was read is not an event that can be taken, or {@code null} if it lies in the sink. */
    Reason reason() {
        return reason;
    }

    /** Where that reason was found. */
    int reasonOffset() {
        return reasonOffset;
    }

    /** Reads the object that begins at {@code begin}; answers the offset behind it or {@link Scanner#FAILED}. */
    int read(Scanner scanner, int begin, ScrubbedSink sink) {
        this.scanner = scanner;
        this.sink = sink;
        byte[] b = scanner.bytes();
        int end = scanner.end();
        int badName = -1;
        scanner.clearMarks();
        sink.startEvent(scanner);
        int at = scanner.space(begin + 1);
        if (at < end && b[at] == '}') {
            at++;
        } else {
            for (; ; ) {
                int nameMark = scanner.marks();
                int value = scanner.name(at);
                if (value == Scanner.FAILED) {
                    return Scanner.FAILED;
                }
                int code = scanner.tag();
                if (code == Scanner.UNTAGGED) {
                    code = FieldNames.lookup(b, at + 1, scanner.nameLength());
                    scanner.tag(code);
                }
                int valueMark = scanner.marks();
                // Most values are strings: they need not take the way through value.
                int behind = value < end && b[value] == '"' ? scanner.string(value) : scanner.value(value, 1);
                if (behind == Scanner.FAILED) {
                    return Scanner.FAILED;
                }
                if (code == FieldNames.NONE || !take(code, at, nameMark, value, behind, valueMark)) {
                    sink.member(at, behind, nameMark, scanner.marks());
                    if (code != FieldNames.NONE && isName(code) && badName < 0) {
                        badName = value;
                    }
                }
                at = scanner.space(behind);
                if (at < end && b[at] == ',') {
                    at = scanner.space(at + 1);
                } else if (at < end && b[at] == '}') {
                    at++;
                    break;
                } else {
                    return scanner.malformed(at);
                }
            }
        }
        judge(begin, at, badName);
        return at;
    }

    private static boolean isName(int code) {
        return !FieldNames.isForm(code) && FieldNames.field(code) == Field.EVENT;
    }

    private void judge(int begin, int behind, int badName) {
        reasonOffset = begin;
        if (behind - begin > maxEventBytes) {
            reason = Reason.EVENT_TOO_LARGE;
        } else if (sink.has(Field.EVENT)) {
            reason = null;
        } else if (badName < 0) {
            reason = Reason.EVENT_MISSING;
        } else {
            reason = Reason.EVENT_INVALID;
            reasonOffset = badName;
        }
    }

    /** Takes the member at {@code member} for the field of its name, unless it is of a wrong type or outranked. */
    private boolean take(int code, int member, int nameMark, int value, int behind, int valueMark) {
        if (FieldNames.isForm(code)) {
            sink.consent(FieldNames.form(code), scanner.bytes(), value, behind);
            return false;
        }
        Field field = FieldNames.field(code);
        if (field == Field.PROPS) {
            return takeProps(value, behind, valueMark);
        }
        if (field == Field.CONSENT) {
            sink.consent(Form.ANY, scanner.bytes(), value, behind);
        }
        int row = ROW * field.ordinal();
        int rank = FieldNames.rank(code);
        boolean had = sink.has(field);
        if (had && members[row + 4] <= rank) {
            return false;
        }
        if (field == Field.SENT) {
            if (!takeTime(value, behind)) {
                return false;
            }
        } else if (!isOf(field, scanner.bytes()[value], behind - value - 2)) {
            return false;
        } else if (rank == 0) {
            sink.setNamed(field, member, value, behind, valueMark);
        } else {
            sink.set(field, value, behind, valueMark);
        }
        if (had) {
            sink.member(members[row], members[row + 1], members[row + 2], members[row + 3]);
        }
        members[row] = member;
        members[row + 1] = behind;
        members[row + 2] = nameMark;
        members[row + 3] = scanner.marks();
        members[row + 4] = rank;
        return true;
    }

    private boolean takeProps(int value, int behind, int valueMark) {
        byte[] b = scanner.bytes();
        if (b[value] != '{') {
            return false;
        }
        // Only white space and the braces are left out; an empty object adds nothing.
        if (behind - value > 2 && !isEmpty(b, value)) {
            sink.member(value + 1, behind - 1, valueMark, scanner.marks());
        }
        return true;
    }

    private boolean takeTime(int value, int behind) {
        byte[] b = scanner.bytes();
        if (EventTime.isMillis(b, value, behind)) {
            sink.sent(EventTime.millis(b, value), value);
            return true;
        }
        long now = sink.receivedMillis();
        long millis = b[value] == '"'
                ? EventTime.text(b, value + 1, behind - 1, now)
                : EventTime.number(b, value, behind, now);
        if (millis == EventTime.NONE) {
            return false;
        }
        sink.sent(millis);
        return true;
    }

    /** Whether a value that begins with {@code first} and has {@code length} bytes within is of the field's type. */
    private static boolean isOf(Field field, int first, int length) {
        if (first != '"') {
            return field == Field.CONSENT && first == '{';
        }
        return field == Field.EVENT
                ? length > 0 && length <= MAX_NAME_BYTES
                : field != Field.ID || length > 0 && length <= MAX_ID_BYTES;
    }

    private boolean isEmpty(byte[] b, int object) {
        int at = object + 1;
        while (b[at] <= ' ' && b[at] >= 0) {
            at++;
        }
        return b[at] == '}';
    }
}
