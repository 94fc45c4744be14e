# Names in the live cluster, from the agent that the command line means.
function __PROGRAM_live
    set -l words (commandline -opc)
    set -l agent
    for i in (seq 2 (count $words))
        set -l name (string replace -r -- '^--?' '' $words[$i])
        switch $name
            case rpc-addr rpc-auth rpc-auth-file
                set -q words[(math $i + 1)]; and set -a agent --$name $words[(math $i + 1)]
            case 'rpc-addr=*' 'rpc-auth=*' 'rpc-auth-file=*'
                set -a agent --$name
        end
    end
    $words[1] complete $argv[1] --timeout 1s $agent 2>/dev/null
end
function __PROGRAM_keys
    __PROGRAM_live $argv[1] | string replace -r '$' =
end

