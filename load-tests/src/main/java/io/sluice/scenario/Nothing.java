package io.sluice.scenario;

/** A program that does nothing but say so: what a start costs that starts nothing. */
final class Nothing {

    private Nothing() {}

    public static void main(String[] arguments) {
        System.out.println("listening on 0");
    }
}
