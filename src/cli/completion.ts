// `sapwood completion <shell>`: a script that completes commands and flags, made of the program itself.
import { Argument, type Command } from "commander";

const shells = { bash, zsh, fish } as const;

const examples = `
Examples:
  source <(sapwood completion bash)                                   # in ~/.bashrc
  source <(sapwood completion zsh)                                    # in ~/.zshrc, behind compinit
  sapwood completion fish > ~/.config/fish/completions/sapwood.fish`;

/** Adds the command `completion`. */
export function addCompletion(program: Command): void {
  program
    .command("completion")
    .description("print a script that completes commands and flags in a shell")
    .addArgument(new Argument(`<${Object.keys(shells).join("|")}>`).choices(Object.keys(shells)))
    .addHelpText("after", examples)
    .action((shell: keyof typeof shells) => {
      process.stdout.write(shells[shell](commandWords(program)));
    });
}

interface CommandWords {
  /** `users add`; empty for the program itself. */
  readonly path: string;
  readonly about: string;
  readonly commands: readonly string[];
  readonly flags: readonly { readonly flag: string; readonly about: string; readonly values: readonly string[] }[];
}

export function commandWords(program: Command, path = ""): CommandWords[] {
  const commands = program.createHelp().visibleCommands(program);
  const flags = program
    .createHelp()
    .visibleOptions(program)
    .flatMap(({ long, description, argChoices = [] }) =>
      long ? [{ flag: long, about: short(description), values: argChoices }] : [],
    );
  const own = { path, about: short(program.description()), commands: commands.map((command) => command.name()), flags };
  const below = commands.filter((command) => command.name() !== "help");
  return [own, ...below.flatMap((command) => commandWords(command, `${path} ${command.name()}`.trim()))];
}

/** The first words, and nothing that a shell would read. */
const short = (text: string): string =>
  text
    .replace(/[^\w ,./-]/g, "")
    .slice(0, 60)
    .trim();

const listOf = ({ commands, flags }: CommandWords): string => [...commands, ...flags.map(({ flag }) => flag)].join(" ");

/** The longest command that the words before the cursor begin with says what may follow. */
function bash(all: readonly CommandWords[]): string {
  const cases = all
    .filter(({ path }) => path !== "")
    .map((words) => `    "${words.path}") words="${listOf(words)}" ;;`);
  return `_sapwood() {
  local words="${listOf(all[0] as CommandWords)}" path="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) continue ;; esac
    path="\${path:+$path }$word"
    case "$path" in
${cases.join("\n")}
    esac
  done
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
  if [ \${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")); fi
}
complete -F _sapwood sapwood
`;
}

/** zsh has bash's way of completing too. */
function zsh(all: readonly CommandWords[]): string {
  return `autoload -U +X bashcompinit && bashcompinit\n${bash(all)}`;
}

function fish(all: readonly CommandWords[]): string {
  const lines = all.flatMap(({ path, commands, flags }) => {
    const seen = path
      .split(" ")
      .filter((word) => word !== "")
      .map((word) => `__fish_seen_subcommand_from ${word}`);
    const when = seen.length === 0 ? "__fish_use_subcommand" : seen.join("; and ");
    const about = new Map(all.map((words) => [words.path, words.about]));
    return [
      ...commands.map(
        (name) => `complete -c sapwood -n '${when}' -a ${name} -d '${about.get(`${path} ${name}`.trim()) ?? ""}'`,
      ),
      ...flags.map(({ flag, about: text, values }) => {
        const choices = values.length === 0 ? "" : ` -x -a '${values.join(" ")}'`;
        return `complete -c sapwood -n '${when}' -l ${flag.slice(2)} -d '${text}'${choices}`;
      }),
    ];
  });
  return `${lines.join("\n")}\n`;
}
