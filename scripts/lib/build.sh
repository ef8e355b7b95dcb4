# Builds the server if its sources are newer than its jar. To be sourced after java.sh, with ROOT set.

SERVER_TARGET=$ROOT/gateway-server/target

# The server's jar, or nothing.
server_jar() {
  ls "$SERVER_TARGET"/gateway-server-*.jar 2>/dev/null | grep -v -e '-sources' -e '-tests' | head -n 1 || true
}

need_maven() {
  if ! command -v mvn >/dev/null; then
    echo "Sluice is built with Maven 3.8 or later, and there is no mvn in the PATH." >&2
    echo "  apt install maven, brew install maven, sdk install maven, or https://maven.apache.org/download.cgi" >&2
    exit 2
  fi
}

# Maven under a JDK 25 warns of its own libraries.
quiet_maven() {
  export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"
}

build_if_needed() {
  local jar
  jar=$(server_jar)
  if [ -n "$jar" ] && [ -d "$SERVER_TARGET/lib" ] &&
    [ -z "$(find "$ROOT/pom.xml" "$ROOT/gateway-server/pom.xml" "$ROOT/gateway-server/src/main" -newer "$jar" | head -n 1)" ]; then
    return
  fi
  need_maven
  quiet_maven
  # A server that runs keeps the file that it has opened; to write into that one would end it.
  [ -z "$jar" ] || rm -f "$jar"
  mkdir -p "$SERVER_TARGET"
  local log=$SERVER_TARGET/build.log watch status=0
  (
    sleep 2
    printf 'Building Sluice (a first time, it takes a while) ' >&2
    while sleep 2; do printf . >&2; done
  ) &
  watch=$!
  # Offline first: a warm cache needs no network, and none is asked about what it has.
  maven_package -o >"$log" 2>&1 || status=$?
  if [ $status -ne 0 ] && grep -q -i -e 'offline' -e 'could not be resolved' "$log"; then
    status=0
    maven_package >"$log" 2>&1 || status=$?
  fi
  kill $watch 2>/dev/null || true
  wait $watch 2>/dev/null || true
  [ ! -t 2 ] || printf '\r\033[K' >&2
  if [ $status -ne 0 ]; then
    cat "$log" >&2
    echo "Sluice could not be built; the messages above are Maven's." >&2
    exit 1
  fi
}

maven_package() {
  mvn -q -B "$@" -f "$ROOT/pom.xml" -pl gateway-server -am package -Dmaven.test.skip=true
}

# Becomes the JVM, so that signals reach it.
exec_sluice() {
  # Split on purpose: several options in one variable.
  # shellcheck disable=SC2086
  exec "$JAVA_HOME/bin/java" @"$ROOT/config/jvm.options" ${SLUICE_JVM_OPTIONS:-} \
    -cp "$(server_jar):$SERVER_TARGET/lib/*" io.sluice.bootstrap.Main "$@"
}
