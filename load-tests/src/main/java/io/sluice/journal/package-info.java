/** What the fault matrix does to a journal's files; in the journal's package, since only that knows their layout. */
package io.sluice.journal;
