using System.Text;

namespace FollowUp.Infrastructure.Templates;

/// <summary>Plain text in the making: white space collapses, and breaks are only written once something follows them.</summary>
internal sealed class PlainText
{
    /// <summary>How many lines a cell may have, and still be joined with its neighbours: a name and what is said of it.</summary>
    private const int MostCellLines = 2;

    private readonly StringBuilder _text = new();
    private readonly Stack<int> _marks = new();
    private readonly Stack<Row> _rows = new();
    private int _breaks;
    private int _indent;
    private int _preformatted;
    private bool _space;
    private char _joiner;

    /// <summary>Writes words; runs of white space become one space.</summary>
    public void Write(string words)
    {
        foreach (var character in words)
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

    /// <summary>Writes words that belong to what stands before them, on the same line, whatever breaks or spaces were asked for since.</summary>
    public void WriteAside(string words)
    {
        var (breaks, space) = (_breaks, _space);
        (_breaks, _space) = (0, true);
        Write(words);
        (_breaks, _space) = (breaks, space);
    }

    /// <summary>Begins a new line, whatever is there.</summary>
    public void Break()
    {
        _breaks++;
        (_space, _joiner) = (false, '\0');
    }

    /// <summary>Sees to it that what follows begins a line.</summary>
    public void Line() => AtLeast(1);

    /// <summary>Sees to it that an empty line stands before what follows.</summary>
    public void Paragraph() => AtLeast(2);

    /// <summary>Sees to it that a space stands before what follows.</summary>
    public void Gap() => (_space, _joiner) = (true, '\0');

    /// <summary>Changes how far lines are indented.</summary>
    public void Indent(int by) => _indent += by;

    /// <summary>Begins or ends text whose white space counts.</summary>
    public void Preformatted(int by) => _preformatted += by;

    /// <summary>The text of a quote in the making, which <see cref="WriteQuote"/> takes when it is complete.</summary>
    public PlainText BeginQuote() => new() { _preformatted = _preformatted };

    /// <summary>Writes a quote as a paragraph. Each of its lines begins with <c>&gt;</c>.</summary>
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

    /// <summary>Remembers this place.</summary>
    public void Mark() => _marks.Push(_text.Length);

    /// <summary>What was written since the last mark, which is forgotten.</summary>
    public string SinceMark()
    {
        var mark = Math.Min(_marks.Pop(), _text.Length);
        return _text.ToString(mark, _text.Length - mark).Trim();
    }

    /// <summary>Begins a table's row.</summary>
    public void StartRow()
    {
        Line();
        _rows.Push(new Row(_text.Length, _breaks, _indent));
    }

    /// <summary>Begins a cell of the row.</summary>
    public void StartCell()
    {
        Gap();
        if (_rows.TryPeek(out var row))
        {
            row.Cells.Add(_text.Length);
        }
    }

    /// <summary>Notes that the row has a list, a heading or a table in it: it is a part of the mail's layout, unless that is one line.</summary>
    public void MarkStructure()
    {
        if (_rows.TryPeek(out var row))
        {
            row.HasStructure = true;
        }
    }

    /// <summary>
    /// Ends the row. Cells that hold a line each, or two of plain text, become one line; other rows arrange parts of the mail side by side, which come
    /// one below the other. So do columns of text: two cells with two paragraphs each.
    /// </summary>
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

    /// <inheritdoc/>
    public override string ToString() => _text.ToString().TrimEnd();

    /// <summary>Soft hyphens and spaces without width, with which newsletters pad their previews.</summary>
    public static bool IsInvisible(char character) =>
        character is '\r' or '\u00ad' or '\u034f' or '\u200b' or '\u2060' or '\ufeff' or '\u0085';

    /// <summary>Joins or parts the letters around it; padding where there are none.</summary>
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

    /// <summary>A table's row.</summary>
    /// <param name="start">Where its text starts, with the breaks in front of it.</param>
    /// <param name="breaks">Those breaks.</param>
    /// <param name="indent">How far it is indented.</param>
    private sealed class Row(int start, int breaks, int indent)
    {
        public int Start => start;
        public int Breaks => breaks;
        public int Indent => indent;
        public List<int> Cells { get; } = [];
        public bool HasStructure { get; set; }

        /// <summary>Whether there is a quote in it, whose lines stay lines.</summary>
        public bool HasQuote { get; set; }
    }
}
