import { buildCommand } from "@stricli/core";
import { type CliContext, print } from "./context.ts";

/** The hidden command that shells ask: its arguments are the words so far, and it answers a proposal a line. */
export const COMPLETE = "__complete";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

const SCRIPTS: Record<Shell, string> = {
  bash: `_slipstream() {
  local IFS=$'\\n' words
  words=$(slipstream ${COMPLETE} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1)
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _slipstream slipstream`,
  zsh: `#compdef slipstream
_slipstream() {
  local -a proposals
  proposals=("\${(@f)$(slipstream ${COMPLETE} "\${(@)words[2,CURRENT]}" 2>/dev/null | sed 's/:/\\\\:/g; s/\\t/:/')}")
  [[ -n "$proposals" ]] && _describe slipstream proposals || _files
}
compdef _slipstream slipstream`,
  fish: `complete -c slipstream -a '(slipstream ${COMPLETE} (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'`,
};

export const completionCommand = buildCommand<Record<never, never>, [Shell], CliContext>({
  async func(_flags, shell) {
    await print(this, SCRIPTS[shell]);
  },
  parameters: {
    positional: {
      kind: "tuple",
      parameters: [
        {
          parse: shellFrom,
          placeholder: "shell",
          brief: SHELLS.join(", "),
          proposeCompletions: (partial) => SHELLS.filter((shell) => shell.startsWith(partial)),
        },
      ],
    },
  },
  docs: {
    brief: "Print what makes a shell complete commands and flags",
    customUsage: [
      { input: "bash >> ~/.bashrc", brief: "For bash, from the next shell on" },
      { input: "zsh > ~/.zfunc/_slipstream", brief: "For zsh, with ~/.zfunc in its fpath" },
      { input: "fish > ~/.config/fish/completions/slipstream.fish", brief: "For fish" },
    ],
  },
});

function shellFrom(text: string): Shell {
  const shell = SHELLS.find((each) => each === text);
  if (shell === undefined) throw new SyntaxError(`must be one of ${SHELLS.join(", ")}`);
  return shell;
}
