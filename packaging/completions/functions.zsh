# Names in the live cluster, from the agent that the command line means.
_PROGRAM_names() {
  local i name agent=()
  for ((i = 2; i < $#whole; i++)); do
    name=${${whole[i]#-}#-}
    case $name in
      rpc-addr|rpc-auth|rpc-auth-file) agent+=("--$name" "${(Q)whole[i+1]}") ;;
      rpc-addr=*|rpc-auth=*|rpc-auth-file=*) agent+=("--${(Q)name}") ;;
    esac
  done
  names=(${(f)"$("${(Q)whole[1]}" complete "$1" --timeout 1s $agent 2>/dev/null)"})
}
_PROGRAM_live() {
  local names
  _PROGRAM_names "$1"
  compadd -- $names
}
_PROGRAM_keys() {
  local names
  compset -P '*=' && return
  _PROGRAM_names "$1"
  compadd -S = -- $names
}
_PROGRAM_payload() { compset -P @ && _files }

