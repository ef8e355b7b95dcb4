# Finds a JDK of at least 25. To be sourced; sets and exports JAVA_HOME.
# Bash 3.2, as macOS has it, is enough.

SLUICE_JAVA_LEAST=25

# The feature release of the JDK in $1 (25 for 25.0.1), or nothing if there is none.
jdk_feature() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\(1\.\)\{0,1\}\([0-9]*\).*/\2/p' "$1/release"
}

# Whether $1 holds a JDK that will do.
jdk_suits() {
  local feature
  feature=$(jdk_feature "$1")
  [ -n "$feature" ] && [ "$feature" -ge "$SLUICE_JAVA_LEAST" ]
}

# The directory that a command of a JDK, $1, really lies in.
jdk_of_command() {
  local target=$1 link
  while [ -L "$target" ]; do
    link=$(readlink "$target")
    case $link in
      /*) target=$link ;;
      *) target=$(dirname "$target")/$link ;;
    esac
  done
  (cd "$(dirname "$target")/.." && pwd -P)
}

# Every place to look, one a line, the most explicit first.
jdk_candidates() {
  [ -z "${JAVA_HOME:-}" ] || echo "$JAVA_HOME"
  local java
  if java=$(command -v javac); then
    jdk_of_command "$java"
  fi
  local place
  for place in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "${HOME:-}"/.sdkman/candidates/java/* \
    "${HOME:-}"/.jdks/* "${HOME:-}"/.local/share/mise/installs/java/* \
    "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    [ ! -d "$place" ] || echo "$place"
  done
  if [ -x /usr/libexec/java_home ]; then
    /usr/libexec/java_home -v "$SLUICE_JAVA_LEAST+" 2>/dev/null || true
  fi
}

find_java() {
  local candidate
  if [ -n "${SLUICE_JAVA_HOME:-}" ]; then
    if ! jdk_suits "$SLUICE_JAVA_HOME"; then
      echo "SLUICE_JAVA_HOME is $SLUICE_JAVA_HOME, expected the directory of a JDK $SLUICE_JAVA_LEAST or later" >&2
      exit 2
    fi
    export JAVA_HOME=$SLUICE_JAVA_HOME
    return
  fi
  while IFS= read -r candidate; do
    if jdk_suits "$candidate"; then
      export JAVA_HOME=$candidate
      return
    fi
  done < <(jdk_candidates)
  cat >&2 <<MISSING
Sluice needs a JDK $SLUICE_JAVA_LEAST or later, and none was found in SLUICE_JAVA_HOME, JAVA_HOME, the PATH, /usr/lib/jvm,
or where SDKMAN, IDEs and Homebrew put them.

  Debian, Ubuntu:   apt install openjdk-25-jdk-headless, or https://adoptium.net/installation/linux
  macOS:            brew install --cask temurin@25
  anywhere:         sdk install java 25-tem          (https://sdkman.io)

If there is one elsewhere: export SLUICE_JAVA_HOME=/path/to/it
MISSING
  exit 2
}
