# The AOT cache (JEP 483, 514): classes of the gateway as they are after a start, loaded and linked, so that the next start
# takes less than half as long. To be sourced after java.sh and build.sh, with ROOT set.
#
# A start never needs it: without a cache, or with one that does not fit to JDK, jars or options, the JVM starts as ever.

SLUICE_AOT=$SERVER_TARGET/sluice.aot

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

# Starts a gateway that is recorded, has it take and deliver a few events, ends it, and keeps what the JVM then writes.
# Whatever goes wrong, it returns.
make_aot_if_needed() {
  if aot_was_tried || [ ! -w "$SERVER_TARGET" ]; then return 0; fi
  local work pid port="" i new=$SLUICE_AOT.new
  work=$(mktemp -d "$SERVER_TARGET/aot.XXXXXX") || return 0
  echo "Making the AOT cache, with which starts take less than half as long" >&2
  : >"$work/log"
  aot_record "$new" "$work" >"$work/log" 2>&1 &
  pid=$!
  for i in $(seq 300); do
    aot_lives "$pid" && ! grep -q '^  stop ' "$work/log" || break
    sleep 0.1
  done
  port=$(sed -n 's/.*takes beacons on .*:\([0-9]*\)$/\1/p' "$work/log")
  if [ -n "$port" ]; then
    for i in 1 2 3 4 5; do aot_event "$port" || true; done
    # Delivered within that.
    sleep 0.5
  fi
  kill "$pid" 2>/dev/null || true
  for i in $(seq 600); do
    aot_lives "$pid" || break
    sleep 0.1
  done
  kill -9 "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  if [ -s "$new" ] && grep -q 'AOTCache creation is complete' "$work/log" && mv -f "$new" "$SLUICE_AOT"; then
    rm -rf "$work"
  else
    # Not tried again until something changes; the log stays.
    rm -rf "$new" "$work/data"
    : >"$SLUICE_AOT" || true
    echo "It could not be made, and starts go without it; the reason may be in $work/log" >&2
  fi
}

aot_lives() {
  kill -0 "$1" 2>/dev/null
}

# Becomes the gateway that writes the cache $1 when it ends, with all of its files in $2. What the environment says is for
# the gateway that is to be started, whose journal, say, this one must not touch.
aot_record() {
  local options=$ROOT/config/jvm.options path="$(server_jar):$SERVER_TARGET/lib/*"
  # Split on purpose: the names of variables.
  # shellcheck disable=SC2086
  unset ${!SLUICE_@} ${!AWS_@}
  export SLUICE_BLOCK_LINGER_MAX=100ms SLUICE_DELIVERY_BUFFER_TIME=0s
  exec "$JAVA_HOME/bin/java" @"$options" -Xlog:aot*=error:stderr -XX:AOTCacheOutput="$1" -cp "$path" \
    io.sluice.bootstrap.Main serve --port 0 --admin-port 0 --data "$2/data"
}

# One event by bash itself, since curl may not be there.
aot_event() {
  local body='{"event":"hello","props":{"page":"/"}}'
  (
    exec 3<>"/dev/tcp/127.0.0.1/$1"
    printf 'POST /v1/events?k=demo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s' \
      ${#body} "$body" >&3
    cat <&3 >/dev/null
  ) 2>/dev/null
}
