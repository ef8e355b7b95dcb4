package io.sluice.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** Lines over a plane as inline SVG, without script or style from elsewhere. One thread. */
public final class Chart {

    public static final String BLUE = "#1f6feb";
    public static final String GREEN = "#1a8a4a";
    public static final String RED = "#c93a3a";
    public static final String GREY = "#9aa4b1";

    private static final int WIDTH = 860;
    private static final int HEIGHT = 260;
    private static final int LEFT = 70;
    private static final int RIGHT = 30;
    private static final int TOP = 12;
    private static final int BOTTOM = 34;
    private static final int STEPS = 5;

    /** Points that are drawn of a line: more than its pixels would only make the file large. */
    private static final int MAX_POINTS = 2_000;

    private record Line(String name, String color, double[] xs, double[] ys) {}

    private record Tick(double at, String label) {}

    private record Band(double from, double to) {}

    private final List<Line> lines = new ArrayList<>();
    private final List<Tick> xTicks = new ArrayList<>();
    private final List<Band> bands = new ArrayList<>();
    private final boolean logarithmic;
    private final DoubleFunction<String> yLabel;
    private final String xTitle;

    /** @param logarithmic whether a step upwards is a factor rather than a sum */
    public Chart(String xTitle, boolean logarithmic, DoubleFunction<String> yLabel) {
        this.xTitle = xTitle;
        this.logarithmic = logarithmic;
        this.yLabel = yLabel;
    }

    public Chart line(String name, String color, double[] xs, double[] ys) {
        lines.add(new Line(name, color, xs, ys));
        return this;
    }

    public Chart tick(double x, String label) {
        xTicks.add(new Tick(x, label));
        return this;
    }

    /** Shades what lies between two places of the x axis, at least as wide as can be seen. */
    public Chart band(double from, double to) {
        bands.add(new Band(from, to));
        return this;
    }

    public String render() {
        double minX = Double.MAX_VALUE;
        double maxX = -Double.MAX_VALUE;
        double minY = logarithmic ? Double.MAX_VALUE : 0;
        double maxY = 0;
        for (Line line : lines) {
            for (int i = 0; i < line.xs.length; i++) {
                minX = Math.min(minX, line.xs[i]);
                maxX = Math.max(maxX, line.xs[i]);
                maxY = Math.max(maxY, line.ys[i]);
                if (line.ys[i] > 0) {
                    minY = Math.min(minY, line.ys[i]);
                }
            }
        }
        if (maxX < minX || maxY <= 0) {
            return "<p>Nothing to show.</p>\n";
        }
        if (logarithmic) {
            minY = Math.pow(10, Math.floor(Math.log10(minY)));
            maxY = Math.max(10 * minY, Math.pow(10, Math.ceil(Math.log10(maxY))));
        } else {
            // A little air above, for the legend.
            maxY = STEPS * step(1.05 * maxY / STEPS);
        }
        StringBuilder svg = new StringBuilder();
        svg.append("<svg viewBox=\"0 0 ")
                .append(WIDTH)
                .append(' ')
                .append(HEIGHT)
                .append("\" role=\"img\">\n");
        for (Band band : bands) {
            double from = Math.clamp(x(band.from, minX, maxX), LEFT, WIDTH - RIGHT);
            double to = Math.clamp(x(band.to, minX, maxX), from, WIDTH - RIGHT);
            svg.append(format(
                    "<rect class=\"band\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n",
                    from, TOP, Math.max(1.5, to - from), HEIGHT - TOP - BOTTOM));
        }
        grid(svg, minX, Math.max(maxX, minX + 1e-9), minY, maxY);
        for (int i = 0; i < lines.size(); i++) {
            draw(svg, lines.get(i), minX, Math.max(maxX, minX + 1e-9), minY, maxY);
            legend(svg, lines.get(i), i);
        }
        return svg.append("</svg>\n").toString();
    }

    private void grid(StringBuilder svg, double minX, double maxX, double minY, double maxY) {
        int steps = logarithmic ? (int) Math.round(Math.log10(maxY / minY)) : STEPS;
        for (int i = 0; i <= steps; i++) {
            double value = logarithmic ? minY * Math.pow(10, i) : maxY * i / steps;
            double y = y(value, minY, maxY);
            svg.append(format(
                    "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>", LEFT, y, WIDTH - RIGHT, y));
            svg.append(format(
                    "<text x=\"%d\" y=\"%.1f\" class=\"right\">%s</text>%n", LEFT - 6, y + 4, yLabel.apply(value)));
        }
        for (Tick tick : xTicks) {
            double x = x(tick.at, minX, maxX);
            svg.append(format("<text x=\"%.1f\" y=\"%d\" class=\"middle\">%s</text>%n", x, HEIGHT - 18, tick.label));
        }
        svg.append(format("<text x=\"%d\" y=\"%d\" class=\"middle\">%s</text>%n", WIDTH / 2, HEIGHT - 3, xTitle));
    }

    private void draw(StringBuilder svg, Line line, double minX, double maxX, double minY, double maxY) {
        svg.append("<polyline fill=\"none\" stroke=\"").append(line.color).append("\" points=\"");
        int stride = Math.max(1, line.xs.length / MAX_POINTS);
        for (int i = 0; i < line.xs.length; i++) {
            // Of each stride the greatest is drawn, or a peak would be lost.
            int greatest = i;
            for (; (i + 1) % stride != 0 && i + 1 < line.xs.length; i++) {
                greatest = line.ys[i + 1] > line.ys[greatest] ? i + 1 : greatest;
            }
            if (logarithmic && line.ys[greatest] <= 0) {
                continue;
            }
            svg.append(format("%.1f,%.1f ", x(line.xs[greatest], minX, maxX), y(line.ys[greatest], minY, maxY)));
        }
        svg.append("\"/>\n");
    }

    private static void legend(StringBuilder svg, Line line, int index) {
        int x = LEFT + 12 + index * 130;
        svg.append(format(
                "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"3\" fill=\"%s\"/><text x=\"%d\" y=\"%d\">%s</text>%n",
                x, TOP + 4, line.color, x + 17, TOP + 9, line.name));
    }

    /** The least of 1, 2, 2.5 and 5 times a power of ten that is at least {@code size}. */
    public static double step(double size) {
        double power = Math.pow(10, Math.floor(Math.log10(size)));
        for (double factor : new double[] {1, 2, 2.5, 5}) {
            if (factor * power >= size) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private static double x(double value, double min, double max) {
        return LEFT + (value - min) / (max - min) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double value, double min, double max) {
        double part = logarithmic ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
        return HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
