# The AOT cache (JEP 483, 514, 515): classes of the gateway as they are after a load, loaded and linked, and what was
# found about its methods, so that the next start takes a third less time. To be sourced after java.sh and
# build.sh, with ROOT set.
#
# A start never needs it: without a cache, or with one that does not fit to JDK, jars or options, the JVM starts as
# ever.

SLUICE_AOT=$SERVER_TARGET/sluice.aot

# Of load. It should be long enough for the compilers to get done with what is hot: on a machine that had little left
# for them, 8 s and 20 s of load made the next start compile for 4 to 6 s of its first 18, where 1 s of load made it 4.
AOT_SECONDS=12

# Whether there is a cache, and nothing that went into it is newer. One of no bytes says that it could not be made.
aot_is_fresh() {
  [ -s "$SLUICE_AOT" ] && aot_was_tried
}

aot_was_tried() {
  local part
  [ -e "$SLUICE_AOT" ] || return 1
  for part in "$(server_jar)" "$JAVA_HOME/release" "$ROOT/config/jvm.options"; do
    [ ! "$part" -nt "$SLUICE_AOT" ] || return 1
  done
}

# Has a gateway that is recorded take and deliver a load, ends it, and keeps what the JVM then writes. Whatever goes
# wrong, it returns; only who is told to end meanwhile, ends.
make_aot_if_needed() {
  if aot_was_tried || [ ! -w "$SERVER_TARGET" ]; then return 0; fi
  local work pid status=0
  work=$(mktemp -d "$SERVER_TARGET/aot.XXXXXX") || return 0
  printf 'Making the AOT cache, with which starts take a third less time ' >&2
  aot_record "$work" >"$work/log" &
  pid=$!
  # What runs in the background of a script does not hear Ctrl-C.
  # shellcheck disable=SC2064
  trap "aot_give_up $pid '$work'" INT TERM HUP
  # The JVM writes a cache even of a gateway that did not start.
  wait "$pid" 2>/dev/null || status=$?
  trap - INT TERM HUP
  echo >&2
  if [ $status -eq 0 ] && [ -s "$work/cache" ] && grep -q 'AOTCache creation is complete' "$work/log" \
    && mv -f "$work/cache" "$SLUICE_AOT"; then
    rm -rf "$work"
  else
    # Not tried again until something changes; the log stays.
    rm -rf "$work/cache" "$work/data"
    : >"$SLUICE_AOT" || true
    echo "It could not be made, and starts go without it; the reason may be in $work/log" >&2
  fi
}

aot_give_up() {
  echo >&2
  kill "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
  rm -rf "$2"
  exit 130
}

# Becomes the load, which starts the gateway that writes the cache when it ends, with all of its files in $1. What the
# environment says is for the gateway that is to be started, whose journal, say, this one must not touch.
aot_record() {
  local options=$ROOT/config/jvm.options path="$(server_jar):$SERVER_TARGET/lib/*"
  # Split on purpose: the names of variables.
  # shellcheck disable=SC2086
  unset ${!SLUICE_@} ${!AWS_@}
  export AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none
  exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "$ROOT/scripts/lib/Training.java" "$AOT_SECONDS" \
    "$JAVA_HOME/bin/java" @"$options" -Xlog:aot*=error:stderr -XX:AOTCacheOutput="$1/cache" -cp "$path" \
    io.sluice.bootstrap.Main serve --port 0 --admin-port 0 --data "$1/data"
}
