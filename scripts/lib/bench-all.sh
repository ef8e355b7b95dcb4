# Runs the benchmarks in turn. To be sourced by scripts/bench, with ROOT set.

# What, minutes, and how: the headline first, since whoever has less time ends it early.
ALL_BENCHMARKS='
million 8
latency 4
pixel 11 --rounds 5 --seconds 5
start 2
ladder 4 --rounds 1
growth 8
bytes 4
gzip 2 --rounds 1 --seconds 4
jmh 9
clients 6
bounds 3
commit 1 --rate 1000000 --seconds 3 --rounds 1 --variants synced,flush
tuning 12
profile 10
'

ALL_SCENARIOS='
scenario 2 mixed
scenario 3 burst
scenario 2 resend-storm
scenario 2 connection-storm
scenario 2 hot-shop
scenario 2 many-shops
scenario 2 slow-firehose
scenario 3 firehose-down
'

# $1 minutes, or a sixth of them if $2.
all_left() {
  if $2; then echo "some $((($1 + 5) / 6))"; else echo "some $1"; fi
}

# Options: --scenarios, --quick, --write-docs, --from NAME.
bench_all() {
  local scenarios=false quick=false docs=false from=""
  while [ $# -gt 0 ]; do
    case $1 in
      --scenarios) scenarios=true ;;
      --quick) quick=true ;;
      --write-docs) docs=true ;;
      --from) from=${2:?--from needs the name of a benchmark} && shift ;;
      *) usage >&2 && exit 2 ;;
    esac
    shift
  done
  local list=$ALL_BENCHMARKS
  ! $scenarios || list=$list$ALL_SCENARIOS
  [ -z "$from" ] || list=$(sed -n "/^$from /,\$p" <<<"$list")
  if [ -z "$list" ]; then
    echo "--from is '$from', expected one of" $(awk 'NF { print $1 }' <<<"$ALL_BENCHMARKS" | sort -u) >&2
    exit 2
  fi
  local left failed="" name minutes options arguments
  left=$(awk '{ sum += $2 } END { print sum }' <<<"$list")
  while read -r name minutes options; do
    [ -n "$name" ] || continue
    # Split on purpose: several options.
    # shellcheck disable=SC2206
    arguments=($options)
    if $quick; then
      # For those that have no quick form of their own: what they print is none to keep.
      export SLUICE_BENCH_QUICK=yes
      case $name in
        gzip) arguments=(--rounds 1 --seconds 1) ;;
        commit) arguments=(--rate 1000000 --seconds 1 --variants one-log,direct,synced,flush) ;;
        scenario) arguments+=(--quick) ;;
        *) arguments=(--quick) ;;
      esac
    fi
    if $docs && [ "$name" != gzip ]; then arguments+=(--write-docs); fi
    echo "== scripts/bench $name ${arguments[*]-}  ($(date +%H:%M), $(all_left "$left" $quick) minutes to go)" >&2
    left=$((left - minutes))
    "$ROOT/scripts/bench" "$name" ${arguments[@]+"${arguments[@]}"} </dev/null || failed="$failed $name"
  done <<<"$list"
  arguments=()
  ! $docs || arguments=(--write-docs)
  "$ROOT/scripts/bench" limit ${arguments[@]+"${arguments[@]}"} || failed="$failed limit"
  "$ROOT/scripts/bench" goals ${arguments[@]+"${arguments[@]}"} || failed="$failed goals"
  if [ -n "$failed" ]; then
    echo "These failed:$failed" >&2
    exit 1
  fi
}
