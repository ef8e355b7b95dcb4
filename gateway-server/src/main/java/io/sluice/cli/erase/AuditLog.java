package io.sluice.cli.erase;

import static io.sluice.delivery.manifest.ManifestLine.quoted;

import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * Notes each erasure in a file of NDJSON, which is synced: one line when it begins, one when it has ended. A beginning
 * without an end was interrupted. Who was erased stands in the request, which the reference names, and nowhere here: a
 * hash of an e-mail address is personal data, too.
 */
final class AuditLog {

    private final Storage storage;
    private final Path file;
    private final String head;

    AuditLog(Storage storage, Path file, String operator, String reference, String place) {
        this.storage = storage;
        this.file = file.toAbsolutePath();
        head = ",\"run\":\"" + UUID.randomUUID() + "\",\"by\":" + quoted(operator) + ",\"reference\":"
                + quoted(reference) + ",\"place\":" + quoted(place);
    }

    void began() throws IOException {
        append("{\"at\":\"" + now() + "\",\"what\":\"erasure-began\"" + head + "}\n");
    }

    void ended(Tally tally, int exitCode) throws IOException {
        StringBuilder line = new StringBuilder("{\"at\":\"" + now() + "\",\"what\":\"erasure-ended\"");
        line.append(head);
        tally.appendTo(line);
        append(line.append(",\"exit\":").append(exitCode).append("}\n").toString());
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    private void append(String line) throws IOException {
        storage.createDirectories(file.getParent());
        try (StorageFile out = storage.open(file, Storage.Access.WRITE)) {
            long offset = out.size();
            // What an interrupted run has written in part stays a line of its own.
            String whole = offset == 0 || last(out, offset) == '\n' ? line : '\n' + line;
            ByteBuffer bytes = ByteBuffer.wrap(whole.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                offset += out.pwrite(bytes, offset);
            }
            out.sync();
        }
        storage.syncDirectory(file.getParent());
    }

    private static int last(StorageFile file, long size) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return file.pread(last, size - 1) == 1 ? last.get(0) : -1;
    }
}
