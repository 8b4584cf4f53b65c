namespace FollowUp.Infrastructure.Templates;

/// <summary>Builds plain text: white space collapses, and line breaks are written only when text follows.</summary>
internal sealed class PlainText
{
    /// <summary>Maximum number of lines of a cell that is joined with its neighbours, such as a name and its description.</summary>
    private const int MostCellLines = 2;

    private readonly StringBuilder _text = new();
    private readonly Stack<int> _marks = new();
    private readonly Stack<Row> _rows = new();
    private int _breaks;
    private int _indent;
    private int _preformatted;
    private bool _space;
    private char _joiner;

    /// <summary>Writes text; runs of white space become one space.</summary>
    public void Write(string text)
    {
        foreach (var character in text)
        {
            if (_preformatted > 0 && character == '\n')
            {
                Break();
            }
            else if (_preformatted > 0 && character is ' ' or '\t' or '\u00a0')
            {
                Append(' ');
            }
            else if (character != '\u0085' && char.IsWhiteSpace(character))
            {
                Gap();
            }
            else if (IsJoiner(character))
            {
                _joiner = character;
            }
            else if (!IsInvisible(character))
            {
                Append(character);
            }
        }
    }

    /// <summary>Writes text that belongs to the preceding text, on the same line, ignoring pending breaks and spaces.</summary>
    public void WriteAside(string text)
    {
        var (breaks, space) = (_breaks, _space);
        (_breaks, _space) = (0, true);
        Write(text);
        (_breaks, _space) = (breaks, space);
    }

    public void Break()
    {
        _breaks++;
        (_space, _joiner) = (false, '\0');
    }

    public void Line() => AtLeast(1);

    public void Paragraph() => AtLeast(2);

    public void Gap() => (_space, _joiner) = (true, '\0');

    public void Indent(int by) => _indent += by;

    public void Preformatted(int by) => _preformatted += by;

    /// <summary>Starts the text of a quote, which is passed to <see cref="WriteQuote"/> when it is complete.</summary>
    public PlainText BeginQuote() => new() { _preformatted = _preformatted };

    /// <summary>Writes a quote as a paragraph. Each of its lines starts with <c>&gt;</c>.</summary>
    public void WriteQuote(string quoted)
    {
        if (quoted.Length == 0)
        {
            return;
        }

        Paragraph();
        foreach (var line in quoted.Split('\n'))
        {
            Append('>');
            _text.Append(line.Length == 0 ? "" : " ").Append(line);
            Line();
        }

        Paragraph();
        if (_rows.TryPeek(out var row))
        {
            row.HasQuote = true;
        }
    }

    public void Mark() => _marks.Push(_text.Length);

    public string SinceMark()
    {
        var mark = Math.Min(_marks.Pop(), _text.Length);
        return _text.ToString(mark, _text.Length - mark).Trim();
    }

    public void StartRow()
    {
        Line();
        _rows.Push(new Row(_text.Length, _breaks, _indent));
    }

    public void StartCell()
    {
        Gap();
        if (_rows.TryPeek(out var row))
        {
            row.Cells.Add(_text.Length);
        }
    }

    /// <summary>Records that the row contains a list, a heading or a table: it is part of the mail's layout, unless that is one line.</summary>
    public void MarkStructure()
    {
        if (_rows.TryPeek(out var row))
        {
            row.HasStructure = true;
        }
    }

    // Ends the row. Cells with one line each, or two lines of plain text, become one line; other rows arrange parts of the mail side by side, which
    // are written below each other. The same holds for columns of text: two cells with two paragraphs each.
    public void EndRow()
    {
        var row = _rows.Pop();
        List<string> cells = [];
        var (most, withParagraphs, structured) = (0, 0, row.HasStructure);
        for (var i = 0; i < row.Cells.Count; i++)
        {
            var start = Math.Min(row.Cells[i], _text.Length);
            var end = i + 1 < row.Cells.Count ? Math.Min(row.Cells[i + 1], _text.Length) : _text.Length;
            if (_text.ToString(start, end - start).Trim() is { Length: > 0 } cell)
            {
                cells.Add(cell);
                withParagraphs += cell.Contains("\n\n", StringComparison.Ordinal) ? 1 : 0;
                most = Math.Max(most, cell.Split('\n').Count(line => line.Length > 0));
            }
        }

        if (structured)
        {
            MarkStructure();
        }

        if (row.HasQuote && _rows.TryPeek(out var around))
        {
            around.HasQuote = true;
        }

        if (cells.Count < 2)
        {
            Line();
            return;
        }

        var isLine = !row.HasQuote && withParagraphs < 2 && most <= (structured ? 1 : MostCellLines);
        _text.Length = Math.Min(row.Start, _text.Length);
        (_breaks, _space) = (row.Breaks, false);
        for (var i = 0; i < cells.Count; i++)
        {
            if (i == 0)
            {
                WriteBreaks(row.Indent);
            }
            else
            {
                _text.Append(isLine ? " " : "\n\n");
            }

            _text.Append(isLine ? OneLine(cells[i]) : cells[i]);
        }

        (_breaks, _space) = (isLine ? 1 : 2, false);
    }

    public override string ToString() => _text.ToString().TrimEnd();

    /// <summary>Soft hyphens and zero-width spaces, with which newsletters pad their previews.</summary>
    public static bool IsInvisible(char character) =>
        character is '\r' or '\u00ad' or '\u034f' or '\u200b' or '\u2060' or '\ufeff' or '\u0085';

    /// <summary>Joins or separates the surrounding letters; padding if there are none.</summary>
    public static bool IsJoiner(char character) => character is '\u200c' or '\u200d';

    private void AtLeast(int breaks)
    {
        _breaks = Math.Max(_breaks, breaks);
        (_space, _joiner) = (false, '\0');
    }

    private static string OneLine(string cell) =>
        string.Join(' ', cell.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    private void Append(char character)
    {
        if (_text.Length > 0 && _breaks > 0)
        {
            WriteBreaks(_indent);
        }
        else if (_text.Length > 0 && _space && _text[^1] is not (' ' or '\n'))
        {
            _text.Append(' ');
        }
        else if (_text.Length > 0 && _joiner != '\0' && _text[^1] is not (' ' or '\n'))
        {
            _text.Append(_joiner);
        }

        (_breaks, _space, _joiner) = (0, false, '\0');
        _text.Append(character);
    }

    private void WriteBreaks(int indent)
    {
        while (_text.Length > 0 && _text[^1] == ' ')
        {
            _text.Length--;
        }

        if (_text.Length > 0)
        {
            _text.Append('\n', Math.Min(_breaks, 2)).Append(' ', 2 * indent);
        }
    }

    private sealed class Row(int start, int breaks, int indent)
    {
        public int Start => start;
        public int Breaks => breaks;
        public int Indent => indent;
        public List<int> Cells { get; } = [];
        public bool HasStructure { get; set; }

        /// <summary>Whether it contains a quote, whose line breaks are kept.</summary>
        public bool HasQuote { get; set; }
    }
}
