package io.sluice.json;

/** The gateway's own way: a word of eight bytes at a time. */
final class StringsByWords extends StringScan {

    @Override
    int string(int from) {
        return scanner.string(from);
    }
}
