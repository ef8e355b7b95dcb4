package io.sluice.lab;

/** The entry of the lab's process. */
public final class LabMain {

    private LabMain() {}

    public static void main(String[] arguments) {
        System.exit(LabCommand.commandLine().execute(arguments));
    }
}
