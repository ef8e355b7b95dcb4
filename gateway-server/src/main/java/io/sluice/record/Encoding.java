package io.sluice.record;

/** How the lines of a block are packed. The id stands in frames on disk and never changes its meaning. */
public enum Encoding {
    NDJSON(0, ".jsonl"),
    GZIP(1, ".jsonl.gz"),
    ZSTD(2, ".jsonl.zst");

    private final int id;
    private final String extension;

    Encoding(int id, String extension) {
        this.id = id;
        this.extension = extension;
    }

    /** The byte that stands for this encoding in a frame. */
    public int id() {
        return id;
    }

    /** The end of an object's name in S3, with its dots. */
    public String extension() {
        return extension;
    }

    /** @throws IllegalArgumentException if no encoding has this id */
    public static Encoding ofId(int id) {
        return switch (id) {
            case 0 -> NDJSON;
            case 1 -> GZIP;
            case 2 -> ZSTD;
            default -> throw new IllegalArgumentException("no encoding has the id " + id + ", expected 0 to 2");
        };
    }
}
