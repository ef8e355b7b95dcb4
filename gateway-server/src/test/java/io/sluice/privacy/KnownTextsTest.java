package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.json.Scanner;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownTextsTest {

    private static final String AGENT = "Mozilla/5.0 (X11; Linux x86_64) Chrome/142.0.0.0 Safari/537.36";
    private static final String CALLED = "abcdefghijklmnopqrstuvwxyzabcdef 4155550132 xyz";

    private final Rules strict = new Rules(Policy.strict());
    private final Rules minimal = new Rules(Policy.minimal());
    private final Scrubber scrubber = new Scrubber(strict, null);
    private final KnownTexts texts = new KnownTexts();

    @Test
    void knowsATextByEachOfItsBytesAndByTheRules() {
        byte[] text = padded(AGENT);
        texts.add(strict, text, 0, AGENT.length());
        assertThat(texts.contains(strict, text, 0, AGENT.length())).isTrue();
        assertThat(texts.contains(minimal, text, 0, AGENT.length())).isFalse();
        assertThat(texts.contains(strict, text, 0, AGENT.length() - 1)).isFalse();
        for (int i = 0; i < AGENT.length(); i++) {
            text[i]++;
            assertThat(texts.contains(strict, text, 0, AGENT.length())).isFalse();
            text[i]--;
        }
        assertThat(texts.contains(strict, padded("  " + AGENT), 2, 2 + AGENT.length()))
                .isTrue();
    }

    @Test
    void aForgetfulScrubberLooksAgain() {
        long once = steps(Scrubber.forgetful(strict), 1);
        assertThat(once).isPositive();
        assertThat(steps(Scrubber.forgetful(strict), 2)).isEqualTo(2 * once);
        assertThat(steps(scrubber, 2)).isEqualTo(once);
    }

    @Test
    void looksAtAnAgentOnceUnderTheSameRules() {
        String agent = "Mozilla/5.0 (" + CALLED + ")";
        scrubber.begin();
        String first = agent(agent);
        assertThat(scrubber.isKnown(padded(agent), agent.length())).isTrue();
        long once = scrubber.allowance().spent();
        assertThat(first).isEqualTo(agent);
        assertThat(once).isPositive();
        assertThat(agent(agent)).isEqualTo(first);
        assertThat(scrubber.allowance().spent()).isEqualTo(once);
        scrubber.rules(minimal);
        assertThat(agent(agent)).isEqualTo(first);
        assertThat(scrubber.allowance().spent()).isGreaterThan(once);
    }

    @Test
    void keepsNoAgentInWhichSomethingWasFoundOrThatIsWrittenOtherwise() {
        scrubber.rules(minimal);
        String called = AGENT + " +49 151 23456789";
        assertThat(agent(called)).isEqualTo(called);
        assertThat(scrubber.isKnown(padded(called), called.length())).isFalse();
        scrubber.rules(strict);
        for (String agent : List.of(AGENT + " jane@example.com", AGENT + " \"\\\t", AGENT + " é")) {
            String first = agent(agent);
            assertThat(agent(agent)).isEqualTo(first);
            byte[] header = agent.getBytes(StandardCharsets.ISO_8859_1);
            assertThat(scrubber.isKnown(header, header.length)).isFalse();
        }
        // What the quote above was written as is known now, and yet another agent.
        assertThat(agent(AGENT + " \\\"\\\\\\t")).isEqualTo(AGENT + " \\\\\\\"\\\\\\\\\\\\t");
    }

    /** What is known is written as it is, and never cut. */
    @Test
    void knowsNoAgentThatWouldBeCut() {
        assertThat(KnownTexts.LONGEST).isLessThanOrEqualTo(ScrubbedSink.MAX_AGENT);
    }

    @Test
    void knowsAnAgentInWhichThereIsNothingToLookAt() {
        String agent = "A browser of which nobody knows the version";
        agent(agent);
        assertThat(scrubber.isKnown(padded(agent), agent.length())).isTrue();
    }

    @Test
    void forgetsAll() {
        byte[] text = padded(AGENT);
        texts.add(strict, text, 0, AGENT.length());
        texts.clear();
        assertThat(texts.contains(strict, text, 0, AGENT.length())).isFalse();
        texts.add(minimal, text, 0, AGENT.length());
        assertThat(texts.contains(minimal, text, 0, AGENT.length())).isTrue();
        assertThat(texts.contains(strict, text, 0, AGENT.length())).isFalse();
    }

    @Test
    void looksAgainUnderAnotherName() {
        assertThat(CALLED.length()).isGreaterThan(KnownTexts.SHORTEST);
        String under = scrub("note", CALLED);
        assertThat(under).contains("4155550132").isEqualTo(scrub("note", CALLED));
        assertThat(scrub("contact", CALLED)).doesNotContain("4155550132");
        assertThat(scrub("note", CALLED)).isEqualTo(under);
    }

    @Test
    void looksAgainByOtherRules() {
        String text = "somewhere between all of these words: +49 151 23456789";
        scrubber.rules(minimal);
        assertThat(scrub("note", text)).isEqualTo(scrub("note", text)).contains("23456789");
        scrubber.rules(strict);
        assertThat(scrub("note", text)).isEqualTo(scrub("note", text)).doesNotContain("23456789");
    }

    /** What becomes of a User-Agent. */
    private String agent(String agent) {
        byte[] header = agent.getBytes(StandardCharsets.ISO_8859_1);
        Piece piece = new Piece(64);
        AgentText.write(header, header.length, scrubber, piece);
        scrubber.found().clear();
        String member = new String(piece.bytes, 0, piece.length, StandardCharsets.UTF_8);
        return member.substring(",\"ua\":\"".length(), member.length() - 1);
    }

    /** What it takes to copy a text so many times. */
    private static long steps(Scrubber scrubber, int times) {
        byte[] src = padded(CALLED);
        scrubber.begin();
        for (int i = 0; i < times; i++) {
            int end = scrubber.copy(src, 0, 0, CALLED.length(), new byte[1024], 0);
            assertThat(end).isEqualTo(CALLED.length());
        }
        return scrubber.allowance().spent();
    }

    private String scrub(String name, String text) {
        String member = "\"" + name + "\":\"" + text + "\"";
        byte[] src = padded(member);
        byte[] dst = new byte[1024];
        int from = name.length() + 4;
        scrubber.begin();
        int end = scrubber.copy(src, 0, from, from + text.length(), dst, 0);
        return new String(dst, 0, end, StandardCharsets.UTF_8);
    }

    private static byte[] padded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, bytes.length + Scanner.PADDING);
    }
}
