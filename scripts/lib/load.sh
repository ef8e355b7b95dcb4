# Runs the load generator and the oracle. To be sourced after java.sh and build.sh, with ROOT set.

# Becomes the JVM, so that signals reach it. The first argument is the class, further ones are its own.
exec_load() {
  # The serial collector has no threads of its own to take from what is measured on the same machine.
  # Split on purpose: several options in one variable.
  # shellcheck disable=SC2086
  exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -Xlog:disable -Xlog:all=warning:stderr -XX:+UseSerialGC ${LOAD_JVM_OPTIONS:-} \
    -cp "$(module_jar load-tests):$LOAD_TARGET/lib/*${LOAD_CLASSPATH:-}" "$@"
}
