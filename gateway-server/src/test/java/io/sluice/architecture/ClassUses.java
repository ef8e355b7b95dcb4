package io.sluice.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads from compiled classes which others they name: in code, in signatures and in what they extend. */
final class ClassUses {

    private static final Pattern TYPE_IN_DESCRIPTOR = Pattern.compile("L([^;<>]+);");

    private ClassUses() {}

    /** For each class below the directory, the classes that it names, by binary name. */
    static Map<String, Set<String>> below(Path directory) throws IOException {
        Map<String, Set<String>> uses = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(file -> file.toString().endsWith(".class")).forEach(file -> {
                try {
                    add(Files.readAllBytes(file), uses);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return uses;
    }

    static void add(byte[] classFile, Map<String, Set<String>> uses) {
        ClassModel model = ClassFile.of().parse(classFile);
        Set<String> used = new TreeSet<>();
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case ClassEntry type -> addName(type.asInternalName(), used);
                case NameAndTypeEntry nameAndType ->
                    addDescriptor(nameAndType.type().stringValue(), used);
                case MethodTypeEntry type -> addDescriptor(type.descriptor().stringValue(), used);
                default -> {}
            }
        }
        for (FieldModel field : model.fields()) {
            addDescriptor(field.fieldType().stringValue(), used);
        }
        for (MethodModel method : model.methods()) {
            addDescriptor(method.methodType().stringValue(), used);
        }
        String self = model.thisClass().asInternalName().replace('/', '.');
        used.remove(self);
        uses.put(self, used);
    }

    /** A class is named by its internal name, an array of it by its descriptor. */
    private static void addName(String name, Set<String> used) {
        if (name.startsWith("[")) {
            addDescriptor(name, used);
        } else {
            used.add(name.replace('/', '.'));
        }
    }

    private static void addDescriptor(String descriptor, Set<String> used) {
        Matcher matcher = TYPE_IN_DESCRIPTOR.matcher(descriptor);
        while (matcher.find()) {
            used.add(matcher.group(1).replace('/', '.'));
        }
    }
}
