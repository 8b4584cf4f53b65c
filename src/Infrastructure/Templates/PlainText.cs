using System.Text;

namespace FollowUp.Infrastructure.Templates;

/// <summary>Plain text in the making: white space collapses, and breaks are only written once something follows them.</summary>
internal sealed class PlainText
{
    private readonly StringBuilder _text = new();
    private readonly Stack<int> _marks = new();
    private int _breaks;
    private int _indent;
    private int _preformatted;
    private bool _space;

    /// <summary>Writes words; runs of white space become one space.</summary>
    public void Write(string words)
    {
        foreach (var character in words)
        {
            if (_preformatted > 0 && character == '\n')
            {
                Break();
            }
            else if (character is ' ' or '\t' or '\r' or '\n' or '\f' && _preformatted == 0)
            {
                _space = true;
            }
            else if (!IsInvisible(character))
            {
                Append(character == '\u00a0' ? ' ' : character);
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
        _space = false;
    }

    /// <summary>Sees to it that what follows begins a line.</summary>
    public void Line()
    {
        _breaks = Math.Max(_breaks, 1);
        _space = false;
    }

    /// <summary>Sees to it that an empty line stands before what follows.</summary>
    public void Paragraph()
    {
        _breaks = Math.Max(_breaks, 2);
        _space = false;
    }

    /// <summary>Sees to it that a space stands before what follows.</summary>
    public void Gap() => _space = true;

    /// <summary>Changes how far lines are indented.</summary>
    public void Indent(int by) => _indent += by;

    /// <summary>Begins or ends text whose white space counts.</summary>
    public void Preformatted(int by) => _preformatted += by;

    /// <summary>Remembers this place.</summary>
    public void Mark() => _marks.Push(_text.Length);

    /// <summary>What was written since the last mark, which is forgotten.</summary>
    public string SinceMark()
    {
        var mark = _marks.Pop();
        return _text.ToString(mark, _text.Length - mark).Trim();
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>Soft hyphens and spaces without width, with which newsletters pad their previews.</summary>
    public static bool IsInvisible(char character) => character is '\r' or '\u00ad' or '\u034f' or '\u200b' or '\ufeff';

    private void Append(char character)
    {
        if (_text.Length > 0 && _breaks > 0)
        {
            _text.Append('\n', Math.Min(_breaks, 2)).Append(' ', 2 * _indent);
        }
        else if (_text.Length > 0 && _space && _text[^1] is not (' ' or '\n'))
        {
            _text.Append(' ');
        }

        (_breaks, _space) = (0, false);
        _text.Append(character);
    }
}
