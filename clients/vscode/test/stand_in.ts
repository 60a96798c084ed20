// SPDX-License-Identifier: Apache-2.0
/** A stand-in for the module `vscode`: documents that can be edited, and what was shown to people. */

import Module from "node:module";

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
}

export class Range {
  constructor(
    readonly start: Position,
    readonly end: Position,
  ) {}

  get isEmpty(): boolean {
    return this.start.line === this.end.line && this.start.character === this.end.character;
  }
}

export class Selection extends Range {
  get active(): Position {
    return this.end;
  }
}

class Event<T> {
  private readonly listeners = new Set<(event: T) => void>();
  readonly on = (listener: (event: T) => void): { dispose: () => void } => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };
  fire(event: T): void {
    for (const listener of [...this.listeners]) listener(event);
  }
}

export class Document {
  languageId = "plaintext";
  isClosed = false;
  readOnly = false;
  version = 1;
  /** Another extension changes what is inserted, at once. */
  meddled = false;
  /** So many edits are refused, as when somebody types at that very moment. */
  conflicts = 0;
  eol = 1;
  readonly uri = { scheme: "file", document: this };

  constructor(
    public text: string,
    readonly fileName = "/folder/notes.md",
  ) {}

  getText(range?: Range): string {
    return range ? this.text.slice(this.offsetAt(range.start), this.offsetAt(range.end)) : this.text;
  }

  offsetAt({ line, character }: Position): number {
    const before = this.text.split("\n").slice(0, line);
    return before.reduce((sum, one) => sum + one.length + 1, 0) + character;
  }

  positionAt(offset: number): Position {
    const lines = this.text.slice(0, offset).split("\n");
    return new Position(lines.length - 1, lines.at(-1)?.length ?? 0);
  }

  change(rangeOffset: number, rangeLength: number, text: string): void {
    this.version++;
    this.text = this.text.slice(0, rangeOffset) + text + this.text.slice(rangeOffset + rangeLength);
    changed.fire({ document: this, contentChanges: [{ rangeOffset, rangeLength, text }] });
  }

  replace(range: Range, text: string): boolean {
    if (this.readOnly || this.isClosed || this.conflicts-- > 0) return false;
    const start = this.offsetAt(range.start);
    this.change(start, this.offsetAt(range.end) - start, text);
    if (this.meddled) this.change(start, text.length, text.toUpperCase());
    return true;
  }
}

export class Editor {
  selection: Selection;
  /** What is shown beside the text, by decoration type. */
  readonly shown = new Map<object, { renderOptions: { before?: Shown; after?: Shown } }[]>();
  /** The undo stops that each edit asked for. */
  readonly stops: object[] = [];
  /** Another document takes its place at the moment of the next edit. */
  hides = false;

  constructor(
    readonly document: Document,
    start = 0,
    end = start,
  ) {
    this.selection = new Selection(document.positionAt(start), document.positionAt(end));
  }

  get decorations(): string {
    const all = [...this.shown.values()].flat().map(({ renderOptions: { before, after } }) => [before, after]);
    return all.map((sides) => sides.map((side) => side?.contentText ?? "").join("|")).join(" ");
  }

  setDecorations(type: object, decorations: never[]): void {
    this.shown.set(type, decorations);
  }

  edit(build: (edit: object) => void, stops: object): Promise<boolean> {
    if (this.hides) {
      show();
      return Promise.reject(new Error("TextEditor#edit not possible on closed editors")); // as VS Code has it
    }
    let done = false;
    const replace = (range: Range, text: string): void => void (done = this.document.replace(range, text));
    build({ replace, insert: (at: Position, text: string) => replace(new Range(at, at), text) });
    if (done) this.stops.push(stops);
    return Promise.resolve(done || this.document.readOnly); // as VS Code has it
  }
}

interface Shown {
  contentText: string;
}

const changed = new Event<object>();
const visible = new Event<object>();

/** What people see of the window, and what they answer: the last line of `answers` is taken first. */
export const seen = {
  messages: [] as string[],
  answers: [] as [part: string, answer: string][],
  settings: {} as Record<string, unknown>,
  clipboard: "",
  log: [] as string[],
  contexts: {} as Record<string, unknown>,
  status: "",
};

function message(text: string, ...rest: unknown[]): Promise<string | undefined> {
  const options = typeof rest[0] === "object" ? (rest.shift() as { detail?: string }) : {};
  seen.messages.push([text, options.detail, rest.length ? `[${rest.join("] [")}]` : ""].filter(Boolean).join(" "));
  const answer = seen.answers.find(([part]) => text.includes(part));
  return answer ? Promise.resolve(answer[1]) : new Promise(() => undefined);
}

const registered = new Map<string, (...args: unknown[]) => unknown>();
const note = (line: string): void => void seen.log.push(line);

export const vscode = {
  Position,
  Range,
  Selection,
  EndOfLine: { LF: 1, CRLF: 2 },
  StatusBarAlignment: { Left: 1, Right: 2 },
  ThemeColor: class {},
  Uri: { file: (path: string) => ({ scheme: "file", path }) },
  WorkspaceEdit: class {
    done: [Document, Range, string] | undefined;
    replace(uri: { document: Document }, range: Range, text: string): void {
      this.done = [uri.document, range, text];
    }
  },
  commands: {
    registerCommand: (name: string, run: (...args: unknown[]) => unknown) => {
      registered.set(name, run);
      return { dispose: () => registered.delete(name) };
    },
    executeCommand: async (name: string, ...args: unknown[]): Promise<unknown> => {
      if (name === "setContext") return (seen.contexts[String(args[0])] = args[1]);
      return await registered.get(name)?.(...args);
    },
  },
  env: { clipboard: { writeText: (text: string) => Promise.resolve(void (seen.clipboard = text)) } },
  window: {
    activeTextEditor: undefined as Editor | undefined,
    visibleTextEditors: [] as Editor[],
    activeTerminal: undefined as object | undefined,
    terminals: [] as object[],
    onDidChangeVisibleTextEditors: visible.on,
    createTextEditorDecorationType: () => {
      const type = { dispose: () => vscode.window.visibleTextEditors.forEach((editor) => editor.shown.delete(type)) };
      return type;
    },
    createOutputChannel: () => ({ info: note, error: note, show: () => undefined, dispose: () => undefined }),
    createStatusBarItem: () => ({
      set text(text: string) {
        seen.status = text;
      },
      show: () => undefined,
      dispose: () => undefined,
    }),
    setStatusBarMessage: (text: string) => {
      seen.messages.push(text);
      return { dispose: () => undefined };
    },
    showErrorMessage: message,
    showWarningMessage: message,
    showInformationMessage: message,
    createTerminal: (options: { cwd?: object }) => {
      const terminal = new Terminal(options.cwd);
      vscode.window.terminals.push(terminal);
      return terminal;
    },
  },
  workspace: {
    onDidChangeTextDocument: changed.on,
    onDidChangeConfiguration: () => ({ dispose: () => undefined }),
    getConfiguration: () => ({ get: (name: string, otherwise: unknown) => seen.settings[name] ?? otherwise }),
    fs: { isWritableFileSystem: () => true },
    applyEdit: ({ done }: { done: [Document, Range, string] }) => Promise.resolve(done[0].replace(done[1], done[2])),
  },
};

export class Terminal {
  exitStatus: object | undefined;
  /** What was sent, and whether it was carried out. */
  readonly sent: [string, boolean][] = [];

  constructor(readonly cwd?: object) {}

  sendText(text: string, enter: boolean): void {
    this.sent.push([text, enter]);
  }

  show(): void {
    vscode.window.activeTerminal = this;
  }
}

/** Shows these editors, the first of them with the focus. */
export function show(...editors: Editor[]): void {
  vscode.window.activeTextEditor = editors[0];
  vscode.window.visibleTextEditors = editors;
  visible.fire(editors);
}

const loader = Module as unknown as { _load: (request: string, ...rest: unknown[]) => unknown };
const load = loader._load;
loader._load = (request, ...rest) => (request === "vscode" ? vscode : load(request, ...rest));
