/** What it costs to look for personal data, beside a plain copy of the same bytes. One thread. */
package io.sluice.privacy;
