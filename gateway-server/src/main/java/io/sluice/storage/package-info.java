/**
 * The file-system seam: open, pread, pwrite, sync, rename, directory sync, lock. Whoever writes bytes that matter goes
 * through {@link io.sluice.storage.Storage}, so that a test can take the disk's place and lose what was not synced.
 *
 * <pre>
 *   journal, local delivery ──▶ Storage ──▶ DiskStorage ──▶ files
 *                                  ▲
 *                        tests: a disk that loses, tears and fails
 * </pre>
 *
 * <p>Threads: the committer, the preallocator and delivery enter, each with files of its own.
 */
package io.sluice.storage;
