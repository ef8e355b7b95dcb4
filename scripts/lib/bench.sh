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

# The commit of the tree, with a plus if anything in it was changed but what benchmarks write; nothing without git.
tree_commit() {
  local commit
  commit=$(git -C "$ROOT" rev-parse --short=7 HEAD 2>/dev/null) || return 0
  if [ -n "$(git -C "$ROOT" status --porcelain -uno -- . ':!docs/PERFORMANCE.md' ':!docs/profiles' \
    ':!docs/results' ':!README.md' 2>/dev/null)" ]; then
    commit=$commit+
  fi
  echo "$commit"
}

# As a shell would need them to be written, those that need it in quotes.
words() {
  local word text=""
  for word; do
    case $word in
      *[!A-Za-z0-9_.,:/=-]*) text="$text '$word'" ;;
      *) text="$text $word" ;;
    esac
  done
  echo "${text# }"
}

# The name among the arguments of a scenario or profile, which is neither an option nor the value of one.
name_among() {
  local name=list
  [ "$what" = scenario ] || name=all
  while [ $# -gt 0 ]; do
    case $1 in
      --capacity | --encoding | --rounds | --seconds | --warmup) [ $# -lt 2 ] || shift ;;
      -*) ;;
      *) name=$1 && break ;;
    esac
    shift
  done
  echo "$name"
}

# Becomes the command that follows, and keeps the RESULT lines that it printed, with when, of which commit and how it
# was called. Those of a quick look, or of some points of a growth, do not replace those of a measurement.
keep_results() {
  local file status=0 commit
  commit=$(tree_commit)
  file=$ROOT/target/bench/results/$what
  if [ "$what" = scenario ] || [ "$what" = profile ]; then
    file=$file-$(name_among ${rest[@]+"${rest[@]}"})
  fi
  # Some of the stages do not replace the last run of all; all of them replace both.
  if [ "$what" = jmh ] && [ "$stages" != '.*' ]; then file=$file-stages; fi
  mkdir -p "$ROOT/target/bench/results"
  SLUICE_BENCH_KEPT=yes "$@" | tee "$file.new" || status=$?
  if [ $status -eq 0 ] && grep -q '^RESULT ' "$file.new"; then
    case " $* ${SLUICE_BENCH_QUICK:+--quick} " in
      *" --quick "* | *" --points "* | *" --points="*)
        [ ! -e "$file.txt" ] || grep -q -e '^# .* --quick' "$file.txt" || rm -f "$file.new"
        ;;
    esac
    if [ -e "$file.new" ]; then
      shift
      case "$what $* " in *" --quick "*) ;; jmh*) [ "$file" != "${file%-stages}" ] || rm -f "$file-stages.txt" ;; esac
      case " $* " in *" --quick "*) ;; *) set -- "$@" ${SLUICE_BENCH_QUICK:+--quick} ;; esac
      {
        echo "# $(date -u +%Y-%m-%d) $commit scripts/bench $(words "$@")"
        ! grep -q '^\*\*Provisional' "$file.new" || echo "# provisional"
        grep '^RESULT ' "$file.new"
      } >"$file.txt"
    fi
  fi
  rm -f "$file.new"
  exit $status
}
