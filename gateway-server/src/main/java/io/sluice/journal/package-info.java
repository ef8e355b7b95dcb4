/**
 * The journal: what makes a beacon durable before it is answered, and keeps it until it is delivered.
 *
 * <pre>
 *                       ┌───────── journal ──────────────────────────────────────────────┐
 *   ring: tickets ─────▶│ Committer, CommitBatch ─ pwrite, sync ─▶ segment ─▶ segment ─▶ │
 *        ◀── outcome ───│     │                                      ▲           │       │
 *                       │ BlockLedger                                │ prepared  │ read  │
 *                       │     │ synced blocks                        │           ▼       │
 *                       │ LiveBlocks, BlockMemory ◀─── OwnLog    SegmentPool SegmentReader,
 *                       │                  │                         ▲       BlockAssembler
 *                       │                  ▼                         │           │       │
 *   delivery ◀── blocks ┼───────────── BlockFeed ◀── AdoptedLog ─────┼───────────┘       │
 *       manifests       │  Manifests       │   Kept: of earlier starts │                   │
 *                       │                  └───────── Marks ─────────┘ recycles          │
 *                       └────────────────────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>The committer gathers tickets ({@link io.sluice.journal.CommitBatch}), keeps how far each block reaches
 * ({@link io.sluice.journal.BlockLedger}), and beside writing a block's frames assembles them in memory
 * ({@link io.sluice.journal.BlockMemory}: chunks given out in powers of two), so that delivery
 * need not read what was just written. A block that does not fit is left to the log, and so is every later one until
 * the reader has caught up ({@link io.sluice.journal.LiveBlocks}).
 *
 * <p>Threads: one committer and one preallocator a log, and one delivery thread, which alone enters
 * {@link io.sluice.journal.BlockSource} and does all reading, marking and recovery. In: tickets of frames, from
 * {@code ring}. Out: sealed blocks, and, if wanted, the manifest of each that was delivered.
 *
 * <h2>On disk</h2>
 *
 * <pre>
 *   root/
 *     019a2c5e-…-7f3d/              an incarnation: one start of one process (UUID version 7)
 *       lock                        held by that process, or by the one that adopted it
 *       groups                      names and encodings of stream groups, by number ({@link io.sluice.journal.Groups})
 *       log-00/                     one log: a chain of segments
 *         seg-0000000041.slj        frames
 *         seg-0000000041.0.marks    blocks delivered whose SEAL lies in that segment ({@link io.sluice.journal.Marks})
 *         seg-0000000041.receipts   where they lie now, as far as there was space ({@link io.sluice.journal.Receipts})
 *         seg-0000000042.slj
 *         prepare.tmp               a segment that is being made ready
 * </pre>
 *
 * A segment is a file of fixed size, a multiple of 4,096 bytes, written front to back:
 *
 * <pre>
 *   0         4096                              8192                        12288
 *   ┌─────────┬───────────────────────┬─────────┬─────────────────┬─────────┬────────────┬─ ─ ─
 *   │ header  │ frame │ frame │ frame │ zeros   │ frame           │ zeros   │ frame │ fra…
 *   └─────────┴───────────────────────┴─────────┴─────────────────┴─────────┴────────────┴─ ─ ─
 *             └────── one commit ───────────────┘└─── the next ────────────┘
 * </pre>
 *
 * <p>All numbers are little-endian, every checksum but the block's is CRC-32C. This is format version 2; version 1
 * differs in the header of segments only. Small journals of every version lie among the resources of the tests, and
 * must be read for ever.
 *
 * <h3>The header of a segment</h3>
 *
 * <pre>
 *   bytes      field         value
 *   0 … 3      magic         53 4c 53 31, "SLS1"
 *   4 … 7      version       2
 *   8 … 23     incarnation   UUID: two u64, the most significant half first
 *   24 … 31    sequence      i64: place in the chain, never used twice
 *   32 … 39    generation    u64: random at each use of the file
 *   40 … 43    log           u32
 *   44 … 47    segmentBytes  u32: size of the file
 *   48 … 51    recovered     u32: 1 if recovery wrote it, to end open blocks; else 0
 *   52 … 55    commitBytes   u32: most bytes that its writer puts into one commit
 *   56 … 63    keyId         u64: 0, or first 8 bytes, big-endian, of SHA-256 of the key
 *   64 … 67    crc32c        of bytes 0 to 63
 *   68 … 4095                0
 *
 *   version 1: as above to byte 51; 52 … 55 crc32c of bytes 0 to 51; 56 … 4095 0
 * </pre>
 *
 * <h3>A frame</h3>
 *
 * <pre>
 *   bytes      field                value
 *   0 … 3      magic                53 4c 46 31, "SLF1"
 *   4          version              1
 *   5          type                 1 DATA, 2 SEAL, 3 PARK
 *   6          encoding             {@link io.sluice.record.Encoding#id} of the block
 *   7          flags                1 encrypted, 2 a SEAL without a summary
 *   8 … 15     generation           that of the segment
 *   16 … 23    block                number of the block in the log
 *   24 … 27    chunk                number in the block, from 0; of a SEAL, how many DATA frames count
 *   28 … 29    group                number of the stream group
 *   30 … 31                         0
 *   32 … 35    policyVersion        of the detectors
 *   36 … 39    payloadLength        bytes behind the header
 *   40 … 43    records              lines in this frame
 *   44 … 47    blockRecords         lines in the block up to and with this frame
 *   48 … 55    blockRawLength       bytes of those lines
 *   56 … 59    blockCrc32           CRC-32 of those lines
 *   60 … 63    blockBytes           packed bytes of the block up to and with this frame; of a SEAL, with the trailer
 *   64 … 71    firstReceivedMillis  when the block's first line was received, since the epoch
 *   72 … 75    payloadCrc32c        of the payload as it lies here
 *   76 … 79    headerCrc32c         of bytes 0 to 75
 *   80 …       payload
 *
 *   DATA       what the encoder wrote for its lines
 *   SEAL       u16 length of the trailer, trailer; unless flag 2 is set, the summary (ring.BlockSummary): u32 entries,
 *              then for each u8 length and bytes of the shop's id, u32 minute since the epoch, u32 lines
 *   encrypted  as many bytes of ciphertext, then 16 of tag; blockBytes counts plain bytes
 * </pre>
 *
 * <p>A block is a run of DATA frames, numbered from 0, and a SEAL that says how many of them count. It may span
 * segments; a frame never does. The payloads of the DATA frames that count, and the trailer, one behind the other, are
 * the block: a gzip member, a zstd frame or NDJSON.
 *
 * <h3>Encryption at rest</h3>
 *
 * <p>If {@code journal.encryption.key-file} names a key, every frame of a segment is encrypted with AES-256-GCM
 * ({@link io.sluice.journal.FrameCipher}), the header's bytes 0 to 71 authenticated with it. The key of a segment is
 * HKDF-SHA-256 of the given key, without salt, over the text {@code sluice journal segment}, incarnation, log (u32) and
 * sequence, these big-endian; the nonce is generation and offset of the frame in the segment (u32), big-endian. Names
 * of groups, numbers of blocks, times and counts stay readable; lines and shops do not. In memory everything is plain.
 *
 * <h2>Invariants</h2>
 *
 * <ol>
 *   <li>A ticket is written in one commit, whole or not at all, and answered once, in the order of its producer.
 *   <li>A commit begins on a multiple of 4,096 behind everything acknowledged. So a torn or failed write can only hurt
 *       bytes of which nobody has been told.
 *   <li>A ticket is {@code COMMITTED} only when a sync that began after its write has returned (but see
 *       {@code written}).
 *   <li>Chunk n of a block is written only behind chunk n - 1. The committer checks it, frame by frame: what would
 *       leave a gap is answered {@code FAILED}, however it came about.
 *   <li>A segment is written only when the one before it is synced or failed. So of what was synced there is never a
 *       hole: it is a prefix of each segment, and of the chain.
 *   <li>No commit is larger than the header of its segment says.
 *   <li>A segment is offered to the committer only when its size, header and name are on disk: a sync of data never
 *       depends on metadata, and {@code ENOSPC} can only happen to the preallocator, which makes room for its marks,
 *       too. (It may happen to the SEALs of a recovery, which then tries on.)
 *   <li>A generation is random and used once. Frames of an earlier use of the file, which may resurface anywhere, do
 *       not verify.
 *   <li>No two frames are encrypted with the same key and nonce.
 *   <li>After a failed write or sync a file is never written or synced again, and never recycled.
 *   <li>Segments are recycled and deleted oldest first, and one only when every block that begins in it, and each
 *       before, was delivered, its manifest, too, if there are such, and the marks of that are on disk. But for those
 *       that failed before their first good sync: they hold nothing. Marks go only when their segment is gone for good.
 *   <li>Delivery sees a block only when its SEAL is synced, in every mode.
 *   <li>A mark shares no disk block with the write of a later one, so what a sync has marked stays marked.
 *   <li>Sequences, block numbers and incarnations never repeat, and the checksum of a mark covers the incarnation and
 *       the log. So a mark can never name another block than it meant.
 * </ol>
 *
 * <h2>Reading, and where a segment ends</h2>
 *
 * The next frame begins where the last one ended, or at the next multiple of 4,096. Where neither verifies there is a
 * hole, and the rest of the segment is searched for a frame at every multiple of 4,096. If a later segment holds frames
 * of a committer, or if more than one commit of the size that the header names lies behind the hole, then what was
 * there has decayed ({@code ERROR}), but for blocks that the next segment begins by ending: their writer gave them up.
 * Else the hole is the tear of the last commit. Frames behind it were acknowledged to nobody; those that continue their
 * blocks without a gap are kept.
 *
 * <p>Of a block with n chunks in its SEAL exactly chunks 0 to n - 1 count. If one is missing, the window is read once
 * more; then the frames before the gap are closed with the trailer that their running CRC and length allow, delivered,
 * and the block is counted as damaged ({@code ERROR}: loss possible).
 *
 * <p>A read that fails is repeated, disk block by disk block: what lies before the first that cannot be read is
 * delivered, the rest of the log waits. A disk block that has failed 10 times over a minute, while the disk did answer
 * elsewhere in the segment, is given up ({@code ERROR}) and counts as a hole ({@link io.sluice.journal.BadSectors}). A
 * disk that answers nothing is asked for ever.
 *
 * <p>A segment whose key is missing is none of that: nothing behind it is delivered, deleted or called damaged, and it
 * is tried again. Other logs go on. A frame that does not authenticate is as one whose checksum does not verify: its
 * key is the one that the header names, so it was changed, or is not where it was written.
 *
 * <h2>Recovery</h2>
 *
 * A start makes an incarnation of its own and never writes to another's segments. Each directory whose lock is free is
 * <i>adopted</i>:
 *
 * <ol>
 *   <li>Take its lock. Whoever lives has it; a rolling hand-over is the same thing half a minute later.
 *   <li>Read the marks; those that do not verify mark nothing, and their blocks come again ({@code WARN}).
 *   <li>Read the chain once, forward, and hand out each block at its SEAL, unless it is marked. A SEAL counts unless
 *       the next segment begins with another of the same block: then its own sync had failed.
 *   <li>At the end of the chain, end the blocks that are still open by SEALs ({@code FLAG_NO_SUMMARY}) in one more
 *       segment, which gets its name only when it is synced: all of them are there or none. A second recovery finds the
 *       same blocks with the same extents. Then hand them out, their summaries counted from their own lines.
 *   <li>Segments in which nothing that begins is needed any more go to those that are only kept, and a mark says how
 *       far that is. A later start begins to read behind it.
 *   <li>When all are, give the lock back.
 * </ol>
 *
 * One log is read at a time, the oldest first, a mebibyte a turn, between those that are written. One that cannot be
 * read pauses for a second, a directory that cannot be adopted for thirty, and the next has its turn.
 *
 * <p>Every step may be cut off by a crash and is then done again. Delivery is at least once: a block comes again if the
 * power fails within a second of its delivery.
 *
 * <h2>What is only kept</h2>
 *
 * Firehose can still lose what it took, if S3 refuses it for longer than 24 hours. So what is delivered stays
 * ({@code journal.keep}, 26 hours), that of earlier starts ({@link io.sluice.journal.Kept}) as that of this one, and
 * can be read without any lock by {@link io.sluice.journal.JournalReader}. When the journal or the disk is full, the
 * oldest makes room, whoever wrote it: nothing acknowledged is ever refused for the sake of what is only kept. An own
 * segment is used again, one of an earlier start is deleted, and its directory with the last. An earlier start is as
 * old as its youngest block. Kept segments cost neither a lock, an open file nor reading, and 40 bytes of memory each.
 * Who erases a person gives up what is kept of starts that have ended ({@link io.sluice.journal.KeptSegments}), oldest
 * first as well.
 *
 * <h2>When something fails</h2>
 *
 * <table border="1">
 *   <caption>Failures</caption>
 *   <tr><th>what</th><th>then</th></tr>
 *   <tr><td>write or sync fails</td><td>Every ticket since the last good sync is {@code FAILED}; a new epoch, so that
 *       older tickets are {@code REFUSED} and producers begin new blocks; every open block is ended by a SEAL at its
 *       last synced frame, or at none, at the head of the next segment. Three in a row: not ready, everything refused,
 *       one try a second.</td></tr>
 *   <tr><td>no segment is ready</td><td>What is left of the present one is used; what does not fit is {@code REFUSED},
 *       with a new epoch. The preallocator tries on, and recycles as soon as delivery lets go.</td></tr>
 *   <tr><td>a ticket cannot be staged</td><td>It is {@code FAILED} and leaves no byte; the others of its commit are
 *       written; then a new epoch, since its blocks lack a chunk.</td></tr>
 *   <tr><td>the last segment of a full journal fails</td><td>What is open in it must be ended, delivered and marked
 *       before any can be used again: a small one, of at most 512 KiB, is made beyond the limit for these
 *       SEALs.</td></tr>
 *   <tr><td>a segment cannot be renamed, deleted, or its directory synced</td><td>It is tried again, its marks stay,
 *       and no later one is used again before; new ones are made while there is room.</td></tr>
 *   <tr><td>marks cannot be written</td><td>They go to another file, again and again; delivery goes on, and until they
 *       are synced, nothing is recycled. A full disk has room for them, made with each segment.</td></tr>
 *   <tr><td>receipts cannot be written</td><td>They are left out; a later manifest does not name its record.</td></tr>
 * </table>
 *
 * <h2>{@code ack: written}</h2>
 *
 * Here a ticket is answered when the kernel has its frames, so the acknowledgement outlives the process, not the
 * machine. A sync follows within {@code syncInterval}, at once behind a SEAL, and before a segment is left. If it
 * fails, the answers since the last good sync cannot be taken back: their number is logged at {@code ERROR}, and the
 * open blocks end before them, for bytes of a failed sync prove nothing. Tickets that were not yet answered fail as
 * ever.
 */
package io.sluice.journal;
