package io.sluice.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/** Copies whole lines from a reader of blocks to the output, each at most once. One thread. */
final class LinePrinter {

    /** Nobody reads the output any more. */
    static final class OutputClosed extends IOException {

        private static final long serialVersionUID = 1L;

        OutputClosed(IOException cause) {
            super(cause);
        }
    }

    private final OutputStream out;
    private final Printed printed;
    private byte[] line = new byte[64 * 1024];

    LinePrinter(OutputStream out, Printed printed) {
        this.out = out;
        this.printed = printed;
    }

    /**
     * Prints the lines. What comes behind the last newline is an error, and is not printed.
     *
     * @throws OutputClosed if nobody reads what is printed
     * @throws IOException if the lines cannot be read; those before the damage have been printed
     */
    void print(InputStream lines) throws IOException {
        int filled = 0;
        while (true) {
            if (filled == line.length) {
                line = Arrays.copyOf(line, line.length * 2);
            }
            int n = lines.read(line, filled, line.length - filled);
            if (n < 0) {
                break;
            }
            filled = printWhole(filled, filled + n);
        }
        if (filled > 0) {
            throw new IOException("the last " + filled + " bytes are no whole line");
        }
    }

    void flush() throws OutputClosed {
        try {
            out.flush();
        } catch (IOException e) {
            throw new OutputClosed(e);
        }
    }

    /** Prints what is whole, and moves the rest to the front. @return length of the rest */
    private int printWhole(int searchFrom, int end) throws OutputClosed {
        int start = 0;
        for (int i = searchFrom; i < end; i++) {
            if (line[i] == '\n') {
                print(start, i + 1);
                start = i + 1;
            }
        }
        System.arraycopy(line, start, line, 0, end - start);
        return end - start;
    }

    private void print(int from, int to) throws OutputClosed {
        if (!printed.first(line, from, to)) {
            return;
        }
        try {
            out.write(line, from, to - from);
        } catch (IOException e) {
            throw new OutputClosed(e);
        }
    }
}
