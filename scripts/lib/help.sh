# Help, and options that there are not: told at once, before a JDK is looked for or anything is built. To be sourced.
# Bash 3.2, as macOS has it, is enough.

# What the command $1, such as attack or bench-million, prints by itself: scripts/test.d/15-help keeps the copies.
help_of() {
  cat "$(dirname "${BASH_SOURCE[0]}")/help/$1"
}

# The comment that the script begins with.
help_of_script() {
  sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p;}' "$0"
}

# Prints the help, $1, if one of the further arguments, up to --, asks for it. Refuses an option that it does not name.
answer_help() {
  local help=$1 argument option options
  shift
  for argument in "$@"; do
    case $argument in
      --) break ;;
      -h | --help) echo "$help" && exit 0 ;;
    esac
  done
  # Examples name options of other commands: only lines of usage count, and those that begin with an option, as far as
  # what is said of it.
  options=$(sed -n -e '/\[-/p' -e '/^  *-/{s/\([^ ]\)  .*/\1/;p;}' <<<"$help")
  for argument in "$@"; do
    case $argument in
      --) return 0 ;;
      --*) option=${argument%%=*} ;;
      # Its value may follow at once.
      -[a-zA-Z]*) option=${argument:0:2} ;;
      *) continue ;;
    esac
    # Names that others begin with are not those.
    case $option in
      *[!a-zA-Z0-9-]*) refuse "$argument" ;;
      *) grep -q -E -e "(^|[^a-zA-Z0-9-])$option([^a-zA-Z0-9-]|\$)" <<<"$options" || refuse "$argument" ;;
    esac
  done
}

# What among the further arguments is neither an option nor the value of one, by the help, $1: a line each.
names_among() {
  local help=$1 argument value=false
  shift
  for argument in "$@"; do
    case $value,$argument in
      true,*) value=false ;;
      *,--*=*) ;;
      *,--*) ! grep -q -e "$argument=" <<<"$help" || value=true ;;
      *,-*) ;;
      *) echo "$argument" ;;
    esac
  done
}

refuse() {
  echo "${0##*/}: Unknown option: '$1'; see --help" >&2
  exit 2
}
