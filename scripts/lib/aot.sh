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
make_aot_if_needed() {
  ! aot_was_tried || return 0
  local work pid i port="" new=$SLUICE_AOT.new
  work=$(mktemp -d "$SERVER_TARGET/aot.XXXXXX")
  echo "Making the AOT cache, with which the next starts take less than half as long" >&2
  SLUICE_BLOCK_LINGER_MAX=100ms SLUICE_DELIVERY_BUFFER_TIME=0s \
    "$JAVA_HOME/bin/java" @"$ROOT/config/jvm.options" -Xlog:aot*=error:stderr -XX:AOTCacheOutput="$new" \
    -cp "$(server_jar):$SERVER_TARGET/lib/*" io.sluice.bootstrap.Main serve \
    --port 0 --admin-port 0 --data "$work/data" >"$work/log" 2>&1 &
  pid=$!
  for i in $(seq 300); do
    kill -0 "$pid" 2>/dev/null || break
    port=$(sed -n 's/.*takes beacons on .*:\([0-9]*\)$/\1/p' "$work/log")
    [ -z "$port" ] || ! grep -q '^  stop ' "$work/log" || break
    sleep 0.1
  done
  if [ -n "$port" ]; then
    for i in 1 2 3 4 5; do aot_event "$port" || true; done
    sleep 1
  fi
  kill "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  if [ -s "$new" ]; then
    mv -f "$new" "$SLUICE_AOT"
    rm -rf "$work"
  else
    # Not tried again until something changes; the log stays.
    rm -f "$new"
    : >"$SLUICE_AOT"
    echo "It could not be made, and starts go without it; the reason may be in $work/log" >&2
  fi
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
