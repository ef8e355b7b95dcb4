# Builds load-tests if its sources are newer than its classes. To be sourced after java.sh and build.sh, with ROOT set.

LOAD_TARGET=$ROOT/load-tests/target

build_load() {
  local built=$LOAD_TARGET/built
  if [ -f "$built" ] && [ -d "$LOAD_TARGET/lib" ] &&
    [ -z "$(find "$ROOT/pom.xml" "$ROOT"/gateway-server/{pom.xml,src/main} "$ROOT"/gateway-bench/{pom.xml,src/main} \
      "$ROOT"/load-tests/{pom.xml,src/main} -newer "$built" | head -n 1)" ]; then
    return
  fi
  need_maven
  quiet_maven
  echo "Building the load tests ..." >&2
  # A server that runs keeps the file that it has opened; to write into that one would end it.
  rm -f "$(server_jar)"
  mkdir -p "$LOAD_TARGET"
  local log=$LOAD_TARGET/build.log status=0
  load_package -o >"$log" 2>&1 || status=$?
  # Offline first: a warm cache needs no network.
  if [ $status -ne 0 ] && grep -q -i -e 'offline' -e 'could not be resolved' "$log"; then
    status=0
    load_package >"$log" 2>&1 || status=$?
  fi
  if [ $status -ne 0 ]; then
    cat "$log" >&2
    echo "The load tests could not be built; the messages above are Maven's." >&2
    exit 1
  fi
  touch "$built"
}

load_package() {
  mvn -q -B "$@" -f "$ROOT/pom.xml" -pl load-tests -am package -Dmaven.test.skip=true
}

# Becomes the JVM, so that signals reach it. The first argument is the class, further ones are its own.
exec_load() {
  # Split on purpose: several options in one variable.
  # shellcheck disable=SC2086
  exec "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -Xlog:disable -Xlog:all=warning:stderr -XX:+UseSerialGC ${LOAD_JVM_OPTIONS:-} \
    -cp "$LOAD_TARGET/classes:$LOAD_TARGET/lib/*" "$@"
}
