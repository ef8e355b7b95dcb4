package io.sluice.journal;

import io.sluice.record.StreamGroup;
import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The names of an incarnation's stream groups, kept beside its logs: frames carry only numbers, and a later start may
 * number its groups otherwise. A text that a person can read:
 *
 * <pre>
 *   sluice-groups 1
 *   0 events GZIP
 *   1 rejected GZIP
 *   crc32c 9ae3b1f0            of all bytes before this line
 * </pre>
 */
final class Groups {

    private static final String HEAD = "sluice-groups 1\n";
    private static final String CRC = "crc32c ";

    private final Map<Integer, String> names = new HashMap<>();

    private Groups() {}

    static Groups of(List<StreamGroup> groups) {
        Groups result = new Groups();
        for (StreamGroup group : groups) {
            result.names.put(group.number(), group.name());
        }
        return result;
    }

    /** The name of the group with this number in its frames. */
    String name(int number) {
        String name = names.get(number);
        return name == null ? "group-" + number : name;
    }

    /** Writes the file, durable but for its directory entry. */
    static void write(Storage storage, Path file, List<StreamGroup> groups) throws IOException {
        StringBuilder text = new StringBuilder(HEAD);
        for (StreamGroup group : groups) {
            text.append(group.number()).append(' ').append(group.name()).append(' ');
            text.append(group.encoding()).append('\n');
        }
        String crc = crc(text.toString());
        text.append(CRC).append(crc).append('\n');
        ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
        try (StorageFile out = storage.open(file, Storage.Access.WRITE)) {
            int at = 0;
            while (bytes.hasRemaining()) {
                at += out.pwrite(bytes, at);
            }
            out.sync();
        }
    }

    /** Reads what {@link #write} wrote. @return {@code null} if the file is missing or does not verify */
    static Groups read(Storage storage, Path file) throws IOException {
        if (!storage.exists(file)) {
            return null;
        }
        String text;
        try (StorageFile in = storage.open(file, Storage.Access.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(in.size(), 1 << 20));
            int at = 0;
            for (int n; bytes.hasRemaining() && (n = in.pread(bytes, at)) >= 0; at += n) {}
            text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
        }
        int crcAt = text.indexOf(CRC);
        if (!text.startsWith(HEAD)
                || crcAt < 0
                || !text.substring(crcAt).equals(CRC + crc(text.substring(0, crcAt)) + '\n')) {
            return null;
        }
        Groups groups = new Groups();
        for (String line : text.substring(HEAD.length(), crcAt).split("\n")) {
            String[] words = line.split(" ");
            if (words.length == 3) {
                groups.names.put(Integer.parseInt(words[0]), words[1]);
            }
        }
        return groups;
    }

    private static String crc(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return Long.toHexString(crc.getValue());
    }
}
