# What a word on the command line says, without running anything that stands in it.
_PROGRAM_plain() {
  local word=${1//[\\\'\"]/}
  [[ $word == "~/"* ]] && word=$HOME/${word#"~/"}
  printf '%s' "$word"
}

# Lines as words, quoted for the command line where they must be.
_PROGRAM_words() {
  local word typed
  typed=$(_PROGRAM_plain "$cur")
  while IFS= read -r word; do
    [[ -n $word && $word == "$typed"* ]] || continue
    printf -v word %q "$word"
    COMPREPLY+=("$word")
  done <<<"$1"
}

# The last of a list with commas.
_PROGRAM_list() {
  local begin="" word
  [[ $cur == *,* ]] && begin=${cur%,*},
  for word in $1; do
    [[ $word == "${cur##*,}"* ]] && COMPREPLY+=("$begin$word")
  done
  compopt -o nospace
}

_PROGRAM_keys() {
  local key
  [[ $cur == *=* ]] && return
  while IFS= read -r key; do
    [[ -n $key && $key == "$cur"* ]] && COMPREPLY+=("$(printf %q "$key")=")
  done <<<"$(_PROGRAM_live "$1")"
  compopt -o nospace
}

# Files, or with -d folders.
_PROGRAM_files() {
  if declare -F _filedir >/dev/null; then
    _filedir "$@"
  else
    compopt -o filenames
    mapfile -t COMPREPLY < <(compgen "${1:--f}" -- "$(_PROGRAM_plain "$cur")")
  fi
}

_PROGRAM_payload() {
  [[ $cur == @* ]] || return
  cur=${cur#@}
  _PROGRAM_files
  COMPREPLY=("${COMPREPLY[@]/#/@}")
}

# Names in the live cluster, from the agent that the command line means.
_PROGRAM_live() {
  local i word name agent=()
  for ((i = 1; i < cword; i++)); do
    word=${words[i]}
    name=${word#-}; name=${name#-}
    case $name in
      rpc-addr|rpc-auth|rpc-auth-file) agent+=("--$name" "$(_PROGRAM_plain "${words[i+1]}")") ;;
      rpc-addr=*|rpc-auth=*|rpc-auth-file=*) agent+=("--$(_PROGRAM_plain "$name")") ;;
    esac
  done
  "$(_PROGRAM_plain "${words[0]}")" complete "$1" --timeout 1s "${agent[@]}" 2>/dev/null
}

