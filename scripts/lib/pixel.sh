# Pixels against nginx, in turns. To be sourced after java.sh and build.sh, with ROOT set.
#
# nginx is what a shop would put there without us: one worker, an empty GIF, one line of JSON a request in its log,
# buffered. Both are on this machine, and so is what asks them.

PIXEL_PATH='/p.gif?k=demo&e=hello'
PIXEL_SHOPS=3000
PIXEL_SCENARIO=$ROOT/load-tests/scenarios/pixel
PIXEL_REQUESTS=5000
PIXEL_PIDS=""

# What is asked for, and the shops that it is of.
pixel_requests() {
  awk -v count=$PIXEL_REQUESTS -v shops=$PIXEL_SHOPS -v now="$(date +%s)" -f "$PIXEL_SCENARIO/requests.awk" >"$dir/requests.txt"
  awk -v shops=$PIXEL_SHOPS 'BEGIN {
    print "shops:"
    print "  demo:\n    keys: [demo]"
    for (i = 0; i < shops; i++) printf "  shop-%04d:\n    keys: [shop-%04d]\n", i, i
  }' >"$dir/shops.yaml"
}

# Events that the gateway with operators' port $1 has refused for what is in them.
pixel_rejected() {
  curl -s "http://127.0.0.1:$1/metrics" | awk '/^sluice_events_rejected_total/ { sum += $NF } END { print sum + 0 }'
}

pixel_end() {
  local pid
  # In turn, and only what was started here.
  for pid in $PIXEL_PIDS; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  PIXEL_PIDS=""
}

# Installs those of the tools $@ that are missing, or says so and ends.
pixel_tools() {
  local tool missing=""
  for tool; do
    command -v "$tool" >/dev/null || missing="$missing ${tool/h2load/nghttp2-client}"
  done
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "Installing$missing" >&2
    # shellcheck disable=SC2086
    { apt-get install -y -q $missing || { apt-get update -q && apt-get install -y -q $missing; }; } >/dev/null
  else
    echo "Needed:$missing; install by your package manager, such as: apt install$missing" >&2
    exit 2
  fi
}

# nginx' configuration in $dir with ports from $1 on: HTTP/1.1, HTTP/2 without TLS, TLS.
pixel_nginx_conf() {
  local port=$1 directory
  # These three mean something to sed where it puts them.
  directory=$(sed 's/[\\&|]/\\&/g' <<<"$dir")
  sed -e "s|@DIRECTORY@|$directory|g; s|@HTTP_PORT@|$port|; s|@H2C_PORT@|$((port + 1))|; s|@TLS_PORT@|$((port + 2))|" \
    "$PIXEL_SCENARIO/nginx.conf"
}

# Ports as above.
pixel_nginx() {
  mkdir -p "$dir/nginx"
  pixel_nginx_conf "$1" >"$dir/nginx/nginx.conf"
  nginx -c "$dir/nginx/nginx.conf" -p "$dir/nginx" 2>"$dir/nginx/start.log" &
  NGINX_PID=$!
  PIXEL_PIDS="$PIXEL_PIDS $NGINX_PID"
}

# $1 a port for HTTP, the next one for TLS, the one behind for operators; $2 when it answers: synced or written; $3 how
# many loops it has, as the configuration has it.
pixel_sluice() {
  local port=$1 name=$2-$3
  # shellcheck disable=SC2086
  SLUICE_SHOPS_FILE=$dir/shops.yaml SLUICE_COMMIT_ACK=$2 SLUICE_HTTP_TLS_PORT=$((port + 1)) SLUICE_HTTP_TLS_CERTIFICATE=$dir/certificate.pem \
    SLUICE_HTTP_TLS_KEY=$dir/key.pem SLUICE_HTTP_LOOPS=$3 SLUICE_LOG_LEVEL=warn \
    env -u SLUICE_BENCH_KEPT "$JAVA_HOME/bin/java" @"$ROOT/config/jvm.options" ${SLUICE_JVM_OPTIONS:-} \
    -cp "$(server_jar):$SERVER_TARGET/lib/*" io.sluice.bootstrap.Main serve \
    --port "$port" --admin-port $((port + 2)) --data "$dir/data-$name" >"$dir/sluice-$name.log" 2>&1 &
  PIXEL_PIDS="$PIXEL_PIDS $!"
  SLUICE_PID=$!
}

pixel_await() {
  local i
  for i in $(seq 200); do
    ! curl -ksf -o /dev/null --max-time 1 "$1" || return 0
    sleep 0.1
  done
  echo "$1 does not answer; the logs are in $dir" >&2
  exit 1
}

# Clock ticks of processor that process $1 has used.
pixel_ticks() {
  sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'
}

# Clock ticks of processor that the compilers of process $1 have used.
pixel_compiler_ticks() {
  local task ticks=0
  for task in /proc/"$1"/task/*; do
    case $(cat "$task/comm" 2>/dev/null || true) in
      C[12]\ Compiler*) ticks=$((ticks + $(sed 's/.*) //' "$task/stat" 2>/dev/null | awk '{ print $12 + $13 }' || echo 0))) ;;
    esac
  done
  echo "$ticks"
}

# Clock ticks that all processors together were not idle.
pixel_busy_ticks() {
  awk '$1 == "cpu" { print $2 + $3 + $4 + $7 + $8 + $9 }' /proc/stat
}

# One run against the URL $2 by way $1 with $3 in flight; what the client prints, and last its processor time.
pixel_client() {
  local way=$1 url=$2 connections=$3 TIMEFORMAT='client %U %S'
  case $way in
    h1) { time wrk -t1 -c"$connections" -d"${seconds}s" -s "$PIXEL_SCENARIO/requests.lua" "$url" -- "$dir/requests.txt"; } 2>&1 ;;
    # As many streams on each connection as make the same number in flight. It has one browser for all.
    h2)
      awk -F'\t' -v url="${url%/}" '{ print url $1 }' "$dir/requests.txt" >"$dir/uris.txt"
      {
        time h2load -t1 -c16 -m$((connections / 16)) -D"$seconds" -i "$dir/uris.txt" \
          -H "user-agent: $(cut -f2 "$dir/requests.txt" | head -n 1)" -H "referer: $(cut -f3 "$dir/requests.txt" | head -n 1)" \
          -H 'accept: image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5' \
          -H 'accept-language: en-US,en;q=0.5' -H 'accept-encoding: gzip, deflate, br, zstd'
      } 2>&1
      ;;
    # A new connection with a whole handshake for each request.
    shake)
      { time wrk -t1 -c"$connections" -d"${seconds}s" -s "$PIXEL_SCENARIO/requests.lua" "$url" -- "$dir/requests.txt" close; } 2>&1
      ;;
  esac
}

# The same, measured: requests served a second, seconds of process $4 a million requests, and processors that the client took.
pixel_run() {
  local way=$1 url=$2 connections=$3 pid=$4 before after out requests refused failed
  before=$(pixel_ticks "$pid")
  out=$(pixel_client "$way" "$url" "$connections")
  after=$(pixel_ticks "$pid")
  case $way in
    h1 | shake)
      # wrk counts what was refused as well.
      refused=$(sed -n 's|^ *Non-2xx or 3xx responses: ||p' <<<"$out")
      requests=$(($(sed -n 's|^ *\([0-9]*\) requests in .*|\1|p' <<<"$out") - ${refused:-0}))
      failed=$(grep -E 'Non-2xx|Socket errors' <<<"$out" || true)
      ;;
    h2)
      requests=$(sed -n 's|^requests: .* \([0-9]*\) succeeded.*|\1|p' <<<"$out")
      failed=$(sed -n 's/.* \([1-9][0-9]*\) errored.*/errored: \1/p' <<<"$out")
      ;;
  esac
  [ -z "$failed" ] || echo "  $url: $failed" >&2
  awk -v requests="${requests:-0}" -v ticks=$((after - before)) -v seconds="$seconds" -v hertz="$(getconf CLK_TCK)" \
    -v client="$(sed -n 's/^client //p' <<<"$out")" '
    BEGIN {
      split(client, c, " ")
      printf "%.0f %.2f %.2f %d\n", requests / seconds, requests ? ticks / hertz / requests * 1e6 : 0,
        (c[1] + c[2]) / seconds, ticks + (c[1] + c[2]) * hertz
    }'
}

# Every way of the gateways and of nginx, again and again, until the compilers of the gateways have little left to do.
pixel_warm() {
  local measured=$seconds pass most=$passes pid
  local -A jit all
  seconds=$warmup
  for pass in $(seq $most); do
    for pid in "$synced" "$written" "$one"; do
      jit[$pid]=$(pixel_compiler_ticks "$pid")
      all[$pid]=$(pixel_ticks "$pid")
    done
    pixel_client h1 "$s" 256 >/dev/null
    pixel_client h1 "$s" 64 >/dev/null
    pixel_client h1 "$w" 64 >/dev/null
    pixel_client h2 "$s" 256 >/dev/null
    pixel_client h1 "$stls" 256 >/dev/null
    pixel_client h2 "$stls" 256 >/dev/null
    pixel_client shake "$stls" 16 >/dev/null
    pixel_client h1 "$o" 256 >/dev/null
    pixel_client h1 "$o" 64 >/dev/null
    pixel_client h1 "$otls" 256 >/dev/null
    warm=yes
    for pid in "$synced" "$written" "$one"; do
      awk -v jit=$(($(pixel_compiler_ticks "$pid") - ${jit[$pid]})) -v all=$(($(pixel_ticks "$pid") - ${all[$pid]})) \
        'BEGIN { exit !(jit < 0.03 * all) }' || warm=no
    done
    [ $warm = no ] || break
  done
  # Connections are the rarest of all that: what they run is compiled last.
  seconds=$((10 * warmup))
  pixel_client shake "$stls" 16 >/dev/null
  seconds=1
  pixel_client h1 "$n" 256 >/dev/null
  pixel_client h2 "$nh2" 256 >/dev/null
  pixel_client h1 "$ntls" 256 >/dev/null
  seconds=$measured
  if [ $warm = no ]; then
    echo "The compilers were not done after $most passes of warming up." >&2
  fi
}

pixel_median() {
  sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

pixel_column() {
  cut -d' ' -f"$2" "$1" | pixel_median
}

# One row: name, way, connections, goal, URL and process of Sluice, of nginx.
pixel_row() {
  local name=$1 way=$2 connections=$3 goal=$4 ours=$5 our_pid=$6 theirs=$7 their_pid=$8 round
  local a="$dir/$name-ours" b="$dir/$name-theirs" our_rate their_rate ratio met our_cpu their_cpu
  : >"$a" && : >"$b"
  for round in $(seq "$rounds"); do
    # Turn and turn about, so that neither always comes second.
    if [ $((round % 2)) -eq 0 ]; then
      pixel_run "$way" "$theirs" "$connections" "$their_pid" >>"$b"
      pixel_run "$way" "$ours" "$connections" "$our_pid" >>"$a"
    else
      pixel_run "$way" "$ours" "$connections" "$our_pid" >>"$a"
      pixel_run "$way" "$theirs" "$connections" "$their_pid" >>"$b"
    fi
  done
  our_rate=$(pixel_column "$a" 1)
  their_rate=$(pixel_column "$b" 1)
  our_cpu=$(pixel_column "$a" 2)
  their_cpu=$(pixel_column "$b" 2)
  ratio=$(awk -v a="$our_rate" -v b="$their_rate" 'BEGIN { printf "%.2f", b ? a / b : 0 }')
  met=$(awk -v a="$our_rate" -v b="$their_rate" -v g="$goal" 'BEGIN { print (b && a / b >= g ? "yes" : "no") }')
  printf '%-20s %9.0f %9.0f %6s %5s %4s   %7s %7s   %6s %6s\n' "$name" "$our_rate" "$their_rate" "$ratio" "$goal" \
    "$met" "$our_cpu" "$their_cpu" "$(pixel_column "$a" 3)" "$(pixel_column "$b" 3)"
  printf '| %s | %.0f | %.0f | **%s** | %s | %s | %s | %s | %s | %s |\n' "$name" "$our_rate" "$their_rate" "$ratio" \
    "$goal" "$met" "$our_cpu" "$their_cpu" "$(pixel_column "$a" 3)" "$(pixel_column "$b" 3)" >>"$dir/rows"
  echo "RESULT name=$name value=$our_rate unit=requests/s nginx=$their_rate ratio=$ratio goal=$goal met=$met \
cpu=$our_cpu nginx_cpu=$their_cpu" >>"$dir/results"
}

# Puts the table between its markers in the document.
pixel_write_docs() {
  local document=$ROOT/docs/PERFORMANCE.md what='what scripts/bench pixel --write-docs writes -->' block=$dir/docs.md
  if [ "$(grep -c -e "^<!-- begin of $what\$" -e "^<!-- end of $what\$" "$document")" -ne 2 ]; then
    echo "$document: expected one line '<!-- begin of $what' and behind it one '<!-- end of $what'" >&2
    exit 1
  fi
  {
    printf '    scripts/bench pixel --rounds %s --seconds %s\n\n' "$rounds" "$seconds"
    printf '%s UTC, %s x %s, Linux %s, %s, %s; load of the machine before: %s.\n\n' "$(date -u '+%Y-%m-%d %H:%M')" \
      "$(nproc)" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(uname -r)" \
      "$("$JAVA_HOME/bin/java" -version 2>&1 | sed -n 3p)" "$(nginx -v 2>&1 | sed 's/.*: //')" "$load"
    [ "$others" -le 10 ] ||
      printf '**Provisional: other processes and the host took %s %% of the processors meanwhile.**\n\n' "$others"
    [ "$warm" = yes ] || printf '**Provisional: the compilers had not done yet when it began.**\n\n'
    printf '| | requests/s | nginx | ratio | goal | met | CPU s a million | nginx | client | with nginx |\n'
    printf '|---|---:|---:|---:|---:|---|---:|---:|---:|---:|\n'
    cat "$dir/rows"
  } >"$block"
  awk -v block="$block" -v what="$what" '
    $0 == "<!-- end of " what { inside = 0 }
    !inside { print }
    $0 == "<!-- begin of " what {
      print ""
      while ((getline line < block) > 0) print line
      print ""
      inside = 1
    }' "$document" >"$dir/PERFORMANCE.md"
  cp "$dir/PERFORMANCE.md" "$document"
}

bench_pixel() {
  local load warm others started ours all
  load=$(cut -d' ' -f1 /proc/loadavg)
  trap pixel_end EXIT
  trap 'exit 130' INT TERM
  pixel_tools nginx wrk h2load openssl curl
  mkdir -p "$dir"
  pixel_requests
  rm -rf "$dir"/data-* "$dir"/*-ours "$dir"/*-theirs "$dir/results" "$dir/rows"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$dir/key.pem" \
    -out "$dir/certificate.pem" -days 2 -subj /CN=localhost 2>/dev/null
  local base=${PIXEL_PORT:-18400}
  pixel_nginx "$base"
  pixel_sluice $((base + 10)) synced auto
  local synced=$SLUICE_PID
  pixel_sluice $((base + 20)) written auto
  local written=$SLUICE_PID
  # One thread that answers, as nginx has one.
  pixel_sluice $((base + 30)) synced 1
  local one=$SLUICE_PID
  local n="http://127.0.0.1:$base" nh2="http://127.0.0.1:$((base + 1))" ntls="https://127.0.0.1:$((base + 2))"
  local s="http://127.0.0.1:$((base + 10))" stls="https://127.0.0.1:$((base + 11))" w="http://127.0.0.1:$((base + 20))" url
  local o="http://127.0.0.1:$((base + 30))" otls="https://127.0.0.1:$((base + 31))"
  for url in "$n" "$ntls" "$s" "$stls" "$w" "$o" "$otls"; do pixel_await "$url$PIXEL_PATH"; done
  pixel_warm
  nginx -v 2>&1 | sed 's/^/against /'
  echo "$(nproc) processors; $rounds rounds of $seconds s, in turns; medians; CPU in seconds a million requests;"
  echo "client: processors that it took, of which it can use one"
  printf '%-20s %9s %9s %6s %5s %4s   %7s %7s   %6s %6s\n' \
    "" sluice/s nginx/s ratio goal met cpu nginx client nginx
  started=$(pixel_busy_ticks)
  all=$(date +%s)
  pixel_row pixel-c256 h1 256 1.0 "$s" "$synced" "$n" "$NGINX_PID"
  pixel_row pixel-c64 h1 64 0.8 "$s" "$synced" "$n" "$NGINX_PID"
  pixel_row pixel-c64-written h1 64 1.0 "$w" "$written" "$n" "$NGINX_PID"
  pixel_row pixel-h2 h2 256 1.0 "$s" "$synced" "$nh2" "$NGINX_PID"
  pixel_row pixel-tls h1 256 1.0 "$stls" "$synced" "$ntls" "$NGINX_PID"
  pixel_row pixel-tls-h2 h2 256 1.0 "$stls" "$synced" "$ntls" "$NGINX_PID"
  pixel_row handshakes shake 16 1.0 "$stls" "$synced" "$ntls" "$NGINX_PID"
  pixel_row pixel-c256-one-loop h1 256 1.0 "$o" "$one" "$n" "$NGINX_PID"
  pixel_row pixel-c64-one-loop h1 64 0.8 "$o" "$one" "$n" "$NGINX_PID"
  pixel_row pixel-tls-one-loop h1 256 1.0 "$otls" "$one" "$ntls" "$NGINX_PID"
  local admin
  for admin in $((base + 12)) $((base + 22)) $((base + 32)); do
    if [ "$(pixel_rejected "$admin")" -ne 0 ]; then
      echo "Events were rejected: nothing that was measured counts; the logs are in $dir" >&2
      exit 1
    fi
  done
  # What was neither the client's nor of the two that were asked.
  ours=$(cat "$dir"/*-ours "$dir"/*-theirs | awk '{ sum += $4 } END { print int(sum) }')
  all=$((($(date +%s) - all) * $(getconf CLK_TCK) * $(nproc)))
  others=$(awk -v busy=$(($(pixel_busy_ticks) - started)) -v ours="$ours" -v all="$all" \
    'BEGIN { o = 100 * (busy - ours) / all; printf "%.0f\n", (o > 0 ? o : 0) }')
  echo "load of the machine before: $load; other processes, the kernel's threads and the host took $others % of the processors"
  ! $write_docs || pixel_write_docs
  cat "$dir/results"
}
