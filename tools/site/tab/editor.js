// An editor for Python, with the keys that people know, made of CodeMirror's parts.

import { closeCompletion } from "@codemirror/autocomplete";
import { indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { indentUnit, syntaxHighlighting } from "@codemirror/language";
import { Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { basicSetup } from "codemirror";

// Show an editor in an element. `run` is called by Ctrl-Enter, `runOn` by Shift-Enter, `change` with each new text;
// returns {text, setText, focus}.
export function makeEditor(parent, { label, text, run, runOn = run, change }) {
  const calling = (call) => (view) => {
    closeCompletion(view); // one that is about to open, too
    call();
    return true; // the key has no other meaning
  };
  const keys = [
    { key: "Mod-Enter", run: calling(run) },
    { key: "Shift-Enter", run: calling(runOn) },
    indentWithTab,
  ];
  const view = new EditorView({
    parent,
    doc: text,
    extensions: [
      Prec.highest(keymap.of(keys)),
      basicSetup,
      python(),
      indentUnit.of("    "),
      syntaxHighlighting(classHighlighter),
      EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
      EditorView.updateListener.of((update) => update.docChanged && change(update.state.doc.toString())),
    ],
  });
  return {
    text: () => view.state.doc.toString(),
    setText: (words) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: words } }),
    focus: () => view.focus(),
  };
}
