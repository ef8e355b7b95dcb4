/** What tests of several packages share. */
package io.sluice.testing;
