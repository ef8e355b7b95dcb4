package io.sluice.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the compiled classes to the package table, and the test of it to what it must catch. */
class LayeringTest {

    private static final Path CLASSES = Path.of("target/classes");
    private static final Path SOURCES = Path.of("src/main/java");

    @Test
    void everyPackageUsesOnlyWhatTheTableAllows() throws IOException {
        Map<String, Set<String>> uses = ClassUses.below(CLASSES);

        assertThat(uses).containsKey("io.sluice.bootstrap.Main");
        assertThat(Layers.SLUICE.violations(uses)).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsFor() throws IOException {
        Set<Path> silent = new TreeSet<>();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .filter(directory -> !Files.exists(directory.resolve("package-info.java")))
                    .forEach(silent::add);
        }
        assertThat(silent).isEmpty();
    }

    @Test
    void frontAndBackNeverMeet() {
        for (String front : List.of("http", "intake", "beacon", "privacy")) {
            for (String back : List.of("journal", "delivery", "storage")) {
                assertThat(violations(front, "io.sluice." + back + ".X")).hasSize(1);
                assertThat(violations(back, "io.sluice." + front + ".X")).hasSize(1);
            }
        }
    }

    @Test
    void aForbiddenUseIsFoundWhereverItStands() {
        ClassDesc forbidden = ClassDesc.of("io.sluice.http.Socket");
        ClassDesc user = ClassDesc.of("io.sluice.journal.Committer");
        ClassFile compiler = ClassFile.of();
        List<byte[]> classes = List.of(
                compiler.build(user, c -> c.withSuperclass(forbidden)),
                compiler.build(user, c -> c.withInterfaceSymbols(forbidden)),
                compiler.build(user, c -> c.withField("socket", forbidden, 0)),
                compiler.build(user, c -> c.withField("sockets", forbidden.arrayType(2), 0)),
                compiler.build(
                        user,
                        c -> c.withMethod(
                                "open",
                                MethodTypeDesc.of(ConstantDescs.CD_void, forbidden),
                                ClassFile.ACC_ABSTRACT,
                                method -> {})),
                compiler.build(
                        user,
                        c -> c.withMethodBody(
                                "use",
                                MethodTypeDesc.of(ConstantDescs.CD_void),
                                ClassFile.ACC_STATIC,
                                code -> code.aconst_null()
                                        .checkcast(forbidden.arrayType())
                                        .pop()
                                        .return_())),
                compiler.build(
                        user,
                        c -> c.withMethodBody(
                                "use",
                                MethodTypeDesc.of(ConstantDescs.CD_void),
                                ClassFile.ACC_STATIC,
                                code -> code.invokestatic(user, "other", MethodTypeDesc.of(forbidden))
                                        .pop()
                                        .return_())));

        for (byte[] classFile : classes) {
            Map<String, Set<String>> uses = new HashMap<>();
            ClassUses.add(classFile, uses);

            assertThat(Layers.SLUICE.violations(uses))
                    .containsExactly("io.sluice.journal.Committer uses io.sluice.http.Socket: journal may use "
                            + "[common, metrics, record, ring, storage]");
        }
    }

    @Test
    void theConfigurationUsesConfigurationTypesOnly() {
        assertThat(violations("config", "io.sluice.http.HttpConfig")).isEmpty();
        assertThat(violations("config", "io.sluice.http.HttpConfig$Transport")).isEmpty();
        assertThat(violations("config", "io.sluice.delivery.local.LocalConfig")).isEmpty();
        assertThat(violations("config", "io.sluice.record.StreamGroup")).isEmpty();
        assertThat(violations("config", "io.sluice.http.HttpServer")).hasSize(1);
        assertThat(violations("config", "io.sluice.record.BlockEncoder")).hasSize(1);
        assertThat(violations("config", "io.sluice.metrics.Cells")).hasSize(1);
    }

    @Test
    void aLibraryIsUsedOnlyWhereItBelongs() {
        assertThat(violations("http", "io.netty.channel.Channel")).isEmpty();
        assertThat(violations("intake", "io.netty.buffer.ByteBuf")).isEmpty();
        assertThat(violations("intake", "io.netty.channel.Channel"))
                .containsExactly(
                        "io.sluice.intake.A uses io.netty.channel.Channel: io.netty. is for [admin, aws, http]");
        assertThat(violations("ring", "com.lmax.disruptor.RingBuffer")).isEmpty();
        assertThat(violations("intake", "com.lmax.disruptor.RingBuffer")).hasSize(1);
        assertThat(violations("delivery", "com.github.luben.zstd.Zstd")).hasSize(1);
        assertThat(violations("delivery", "software.amazon.awssdk.services.s3.S3Client"))
                .hasSize(1);
        assertThat(violations("bootstrap", "io.netty.channel.Channel")).hasSize(1);
        assertThat(violations("common", "com.example.Unheard")).hasSize(1);
    }

    @Test
    void aPackageThatIsNotInTheTableIsRefused() {
        assertThat(violations("helpers", "java.lang.Object")).hasSize(1);
    }

    private static List<String> violations(String user, String used) {
        return Layers.SLUICE.violations(Map.of("io.sluice." + user + ".A", Set.of(used)));
    }
}
