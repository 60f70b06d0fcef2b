// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <utility>

#include "cli/commands.h"
#include "cli/completion_words.h"
#include "log/json_text.h"

namespace countersign::cli {
namespace {

constexpr std::string_view kBashHead = R"(# bash completion for countersign, made by `countersign completion bash`
_countersign() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
    local place='' words='' files='' directories='' texts='' i
    if [[ $current == '=' ]]; then
        current=''
    elif [[ $previous == '=' ]]; then
        previous=${COMP_WORDS[COMP_CWORD-2]}
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        [[ ${COMP_WORDS[i]} == -* ]] && break
        place+="${place:+ }${COMP_WORDS[i]}"
    done
    case $place in
)";

constexpr std::string_view kBashTail = R"(        *) ;;
    esac
    COMPREPLY=()
    if [[ $files == *" $previous "* ]]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    elif [[ $directories == *" $previous "* ]]; then
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -d -- "$current")
    elif [[ $texts != *" $previous "* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    fi
}
complete -F _countersign countersign
)";

constexpr std::string_view kZshHead = R"(#compdef countersign
# zsh completion for countersign, made by `countersign completion zsh`
_countersign() {
    local place='' files='' directories='' texts='' i
    local previous=${words[CURRENT-1]}
    local -a choices
    for ((i = 2; i < CURRENT; i++)); do
        [[ ${words[i]} == -* ]] && break
        place+="${place:+ }${words[i]}"
    done
    case $place in
)";

constexpr std::string_view kZshTail = R"(        (*) ;;
    esac
    if [[ $files == *" $previous "* ]]; then
        _files
    elif [[ $directories == *" $previous "* ]]; then
        _files -/
    elif [[ $texts != *" $previous "* ]]; then
        _describe countersign choices
    fi
}
if [[ ${funcstack[1]} == _countersign ]]; then
    _countersign "$@"
else
    compdef _countersign countersign
fi
)";

constexpr std::string_view kFishHead = R"(# fish completion for countersign, made by `countersign completion fish`
function __countersign_at
    set -l place
    for word in (commandline -opc)[2..-1]
        string match -q -- '-*' $word; and break
        set -a place $word
    end
    test "$place" = "$argv[1]"
end
complete -c countersign -f
)";

/// In single quotes of a shell: what stands in them means itself. Fish alone reads a backslash there.
std::string quoted(std::string_view text, std::string_view quote_mark, bool fish = false) {
    std::string all = "'";
    for (const char symbol : text) {
        if (symbol == '\'') {
            all += quote_mark;
        } else if (fish && symbol == '\\') {
            all += "\\\\";
        } else {
            all += symbol;
        }
    }
    return all + "'";
}

/// The flags of one kind between spaces, so that each can be looked for with a space on either side.
std::string flags_with(const CompletionPlace& place, Follows follows) {
    std::string all = " ";
    for (const CompletionFlag& flag : place.flags) {
        if (flag.follows == follows) all.append(flag.name).append(" ");
    }
    return all;
}

std::string kinds_of(const CompletionPlace& place) {
    std::string text;
    if (place.flags.empty()) return text;
    text += "            files='" + flags_with(place, Follows::File) + "'\n";
    text += "            directories='" + flags_with(place, Follows::Directory) + "'\n";
    return text + "            texts='" + flags_with(place, Follows::AnyText) + "'\n";
}

std::string bash_script() {
    std::string script(kBashHead);
    for (const CompletionPlace& place : completion_places()) {
        std::string words;
        for (const CompletionWord& word : place.words) words += word.word + " ";
        for (const CompletionFlag& flag : place.flags) words.append(flag.name).append(" ");
        script += "        '" + place.path + "')\n            words='" + words + "'\n" + kinds_of(place) + "            ;;\n";
    }
    return script.append(kBashTail);
}

/// `name:help`, with the colons of the name escaped: that of the help are its own.
std::string zsh_choice(std::string_view name, std::string_view help) {
    return "                " + quoted(std::string(name).append(":").append(help), "'\\''") + "\n";
}

std::string zsh_script() {
    std::string script(kZshHead);
    for (const CompletionPlace& place : completion_places()) {
        script += "        ('" + place.path + "')\n            choices=(\n";
        for (const CompletionWord& word : place.words) script += zsh_choice(word.word, word.help);
        for (const CompletionFlag& flag : place.flags) script += zsh_choice(flag.name, flag.help);
        script += "            )\n" + kinds_of(place) + "            ;;\n";
    }
    return script.append(kZshTail);
}

std::string_view fish_value(Follows follows) noexcept {
    switch (follows) {
        case Follows::Nothing: return "";
        case Follows::AnyText: return " -x";
        case Follows::File: return " -r -F";
        case Follows::Directory: break;
    }
    return " -x -a '(__fish_complete_directories)'";
}

std::string fish_script() {
    std::string script(kFishHead);
    for (const CompletionPlace& place : completion_places()) {
        const std::string at = "complete -c countersign -n \"__countersign_at '" + place.path + "'\"";
        for (const CompletionWord& word : place.words) {
            script += at + " -a " + word.word + " -d " + quoted(word.help, "\\'", true) + "\n";
        }
        for (const CompletionFlag& flag : place.flags) {
            script += at + " -l " + std::string(flag.name.substr(2)) + std::string(fish_value(flag.follows)) + " -d " +
                      quoted(flag.help, "\\'", true) + "\n";
        }
    }
    return script;
}

Checked<Printout> as_printout(std::string_view shell, std::string script) {
    std::string json = server::JsonText().text("shell", shell).text("script", script).take();
    return Printout{.text = std::move(script), .json = std::move(json)};
}

}  // namespace

Command completion_bash_command() {
    return {.name = "completion bash",
            .summary = "Print the completion for bash",
            .details = "Example: countersign completion bash > /etc/bash_completion.d/countersign",
            .flags = {},
            .run = [](const Arguments&) { return as_printout("bash", bash_script()); }};
}

Command completion_zsh_command() {
    return {.name = "completion zsh",
            .summary = "Print the completion for zsh",
            .details = "Example: countersign completion zsh > /usr/local/share/zsh/site-functions/_countersign",
            .flags = {},
            .run = [](const Arguments&) { return as_printout("zsh", zsh_script()); }};
}

Command completion_fish_command() {
    return {.name = "completion fish",
            .summary = "Print the completion for fish",
            .details = "Example: countersign completion fish > ~/.config/fish/completions/countersign.fish",
            .flags = {},
            .run = [](const Arguments&) { return as_printout("fish", fish_script()); }};
}

}  // namespace countersign::cli
