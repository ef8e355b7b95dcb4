# Builds gateway-bench and says how to run what is in it. To be sourced after java.sh and build.sh, with ROOT set.

BENCH_TARGET=$ROOT/gateway-bench/target
BENCH_CLASSPATH="$BENCH_TARGET/classes:$BENCH_TARGET/lib/*"
BENCH_ACCESS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"

build_bench() {
  need_maven
  quiet_maven
  mkdir -p "$BENCH_TARGET"
  local log=$BENCH_TARGET/build.log status=0
  bench_package -o >"$log" 2>&1 || status=$?
  # Offline first: a warm cache needs no network.
  if [ $status -ne 0 ] && grep -q -i -e 'offline' -e 'could not be resolved' "$log"; then
    status=0
    bench_package >"$log" 2>&1 || status=$?
  fi
  if [ $status -ne 0 ]; then
    cat "$log" >&2
    echo "The benchmarks could not be built; the messages above are Maven's." >&2
    exit 1
  fi
}

bench_package() {
  mvn -q -B "$@" -f "$ROOT/pom.xml" -pl gateway-bench -am package -Dmaven.test.skip=true
}
