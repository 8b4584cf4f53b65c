import { liquid } from '@codemirror/lang-liquid';
import { useComputedColorScheme } from '@mantine/core';
import CodeMirror, { EditorView } from '@uiw/react-codemirror';
import { useId, useMemo } from 'react';

interface Props {
  label: string;
  hint: string;
  readOnly: boolean;
  value: string;
  error?: string;
  change: (value: string) => void;
}

const setup = { foldGutter: false, highlightActiveLine: false };

/** Liquid source. The server's error names its line and column. */
export default function LiquidField({ label, hint, readOnly, value, error, change }: Props) {
  const theme = useComputedColorScheme('light');
  const id = useId();
  // New extensions reconfigure the editor.
  const extensions = useMemo(
    () => [
      liquid(),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ 'aria-labelledby': `${id}-label`, 'aria-describedby': `${id}-hint` }),
    ],
    [id],
  );
  return (
    <div className="field">
      <span className="lab" id={`${id}-label`}>
        {label}
      </span>
      <div className="box liquid">
        <CodeMirror
          value={value}
          theme={theme}
          readOnly={readOnly}
          minHeight="240px"
          basicSetup={setup}
          extensions={extensions}
          onChange={change}
        />
      </div>
      <span className={error ? 'err' : 'hint'} id={`${id}-hint`}>
        {error ?? hint}
      </span>
    </div>
  );
}
