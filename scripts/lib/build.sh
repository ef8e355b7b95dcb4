# Builds a module if its sources are newer than its jar. To be sourced after java.sh, with ROOT set.

SERVER_TARGET=$ROOT/gateway-server/target
LOAD_TARGET=$ROOT/load-tests/target

# The jar of module $1, or nothing.
module_jar() {
  ls "$ROOT/$1/target/$1"-*.jar 2>/dev/null | grep -v -e '-sources.jar' -e '-tests.jar' | head -n 1 || true
}

server_jar() {
  module_jar gateway-server
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

# Whether module $1 has a jar, and its libraries, that no file of it or of the modules before it is newer than.
is_built() {
  local jar places=("$ROOT/pom.xml" "$ROOT/gateway-server/pom.xml" "$ROOT/gateway-server/src/main")
  jar=$(module_jar "$1")
  [ "$1" = gateway-server ] || places+=("$ROOT/$1/pom.xml" "$ROOT/$1/src/main")
  # Its events come from there.
  [ "$1" != load-tests ] || places+=("$ROOT/gateway-bench/pom.xml" "$ROOT/gateway-bench/src/main")
  [ -n "$jar" ] && [ -d "$ROOT/$1/target/lib" ] && [ -z "$(find "${places[@]}" -newer "$jar" | head -n 1)" ]
}

# One build at a time: two would write into each other's target. A lock is a directory with the number of the process
# that has it; that of a process that is no more, or that never got to its number, is taken away.
BUILD_LOCK=$ROOT/target/build.lock

lock_build() {
  local told='' without=0
  mkdir -p "$ROOT/target"
  until mkdir "$BUILD_LOCK" 2>/dev/null; do
    if [ -s "$BUILD_LOCK/pid" ]; then without=0; else without=$((without + 1)); fi
    if is_lock_stale "$without"; then
      # Only one of those that wait may look once more and remove it: it would be the next one's else.
      if mkdir "$BUILD_LOCK.stale" 2>/dev/null; then
        ! is_lock_stale "$without" || rm -rf "$BUILD_LOCK"
        rmdir "$BUILD_LOCK.stale"
      else
        find "$BUILD_LOCK.stale" -maxdepth 0 -mmin +1 -exec rmdir {} \; 2>/dev/null || true
      fi
    elif [ -z "$told" ]; then
      told=yes
      echo "Waiting for another build of Sluice ..." >&2
    fi
    sleep 0.2
  done
  echo $$ >"$BUILD_LOCK/pid"
}

# $1: how often in a row it had no number.
is_lock_stale() {
  local owner
  owner=$(cat "$BUILD_LOCK/pid" 2>/dev/null || true)
  if [ -z "$owner" ]; then
    [ -d "$BUILD_LOCK" ] && [ "$1" -ge 25 ]
  else
    ! kill -0 "$owner" 2>/dev/null
  fi
}

unlock_build() {
  rm -rf "$BUILD_LOCK"
}

# Builds module $1 and what it needs; without an argument, the server.
build_if_needed() {
  local module=${1:-gateway-server} jar jars=()
  ! is_built "$module" || return 0
  need_maven
  quiet_maven
  lock_build
  if is_built "$module"; then
    unlock_build
    return 0
  fi
  # A server that runs keeps the file that it has opened; to write into that one would end it. One that is as new as its
  # sources is not written anew, and somebody may be about to start it.
  is_built gateway-server || jars=("$(module_jar gateway-server)")
  for jar in ${jars[@]+"${jars[@]}"} "$(module_jar "$module")" "$ROOT/$module"/target/lib/gateway-server-*.jar; do
    [ -z "$jar" ] || rm -f "$jar"
  done
  mkdir -p "$ROOT/$module/target"
  local began=$SECONDS
  local log=$ROOT/$module/target/build.log watch status=0
  (
    sleep 2
    printf 'Building Sluice (a first time, it takes a while) ' >&2
    while sleep 2; do printf . >&2; done
  ) &
  watch=$!
  # Offline first: a warm cache needs no network, and none is asked about what it has.
  maven_package "$module" -o >"$log" 2>&1 || status=$?
  if [ $status -ne 0 ] && grep -q -i -e 'offline' -e 'could not be resolved' "$log"; then
    status=0
    maven_package "$module" >"$log" 2>&1 || status=$?
  fi
  kill $watch 2>/dev/null || true
  wait $watch 2>/dev/null || true
  if [ -t 2 ]; then printf '\r\033[K' >&2; elif [ $SECONDS -ge $((began + 2)) ]; then echo >&2; fi
  unlock_build
  if [ $status -ne 0 ]; then
    cat "$log" >&2
    echo "Sluice could not be built; the messages above are Maven's." >&2
    exit 1
  fi
}

maven_package() {
  local module=$1
  shift
  mvn -q -B "$@" -f "$ROOT/pom.xml" -pl "$module" -am package -Dmaven.test.skip=true
}

# What the server's tests run with, once they are built.
SERVER_TESTS_CLASSPATH="$SERVER_TARGET/test-classes:$SERVER_TARGET/classes:$SERVER_TARGET/test-lib/*"

# Compiles the tests of the server, and puts what they need into one directory.
build_server_tests_if_needed() {
  local stamp=$SERVER_TARGET/test-lib/stamp
  ! are_server_tests_built "$stamp" || return 0
  need_maven
  quiet_maven
  lock_build
  if are_server_tests_built "$stamp"; then
    unlock_build
    return 0
  fi
  mkdir -p "$SERVER_TARGET"
  local log=$SERVER_TARGET/build-tests.log status=0
  compile_server_tests -o >"$log" 2>&1 || status=$?
  # Offline first, as above.
  if [ $status -ne 0 ] && grep -q -i -e 'offline' -e 'could not be resolved' "$log"; then
    status=0
    compile_server_tests >"$log" 2>&1 || status=$?
  fi
  if [ $status -ne 0 ]; then
    unlock_build
    cat "$log" >&2
    echo "The tests could not be built; the messages above are Maven's." >&2
    exit 1
  fi
  touch "$stamp"
  unlock_build
}

# Whether nothing is newer than $1.
are_server_tests_built() {
  [ -f "$1" ] && [ -z "$(find "$ROOT/pom.xml" "$ROOT/gateway-server/pom.xml" "$ROOT/gateway-server/src" \
    -newer "$1" | head -n 1)" ]
}

compile_server_tests() {
  mvn -q -B "$@" -f "$ROOT/pom.xml" -pl gateway-server test-compile dependency:copy-dependencies \
    -DincludeScope=test -DoutputDirectory="$SERVER_TARGET/test-lib"
}

# Becomes the JVM, so that signals reach it.
exec_sluice() {
  local cache=()
  # What aot.sh has made, where it was sourced.
  if declare -F aot_is_fresh >/dev/null && aot_is_fresh; then
    cache=(-XX:AOTCache="$SLUICE_AOT" -Xlog:aot*=error:stderr)
  fi
  # Split on purpose: several options in one variable.
  # shellcheck disable=SC2086
  exec "$JAVA_HOME/bin/java" @"$ROOT/config/jvm.options" ${cache[@]+"${cache[@]}"} ${SLUICE_JVM_OPTIONS:-} \
    -cp "$(server_jar):$SERVER_TARGET/lib/*" io.sluice.bootstrap.Main "$@"
}

# The same for a main class, $1, of the load tests.
exec_load_tests() {
  local main=$1
  shift
  # shellcheck disable=SC2086
  exec "$JAVA_HOME/bin/java" @"$ROOT/config/jvm.options" ${SLUICE_JVM_OPTIONS:-} \
    -cp "$(module_jar load-tests):$LOAD_TARGET/lib/*" "$main" "$@"
}
