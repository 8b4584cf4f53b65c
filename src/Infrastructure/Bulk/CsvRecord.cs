namespace FollowUp.Infrastructure.Bulk;

/// <summary>
/// One record of a CSV file (RFC 4180), read line by line, because a quoted field may contain line breaks. Blanks around a field are not part of it.
/// </summary>
internal sealed class CsvRecord
{
    /// <summary>More than an enrolment may have; a longer record started with an unclosed quote.</summary>
    public const int Longest = 128 * 1024;

    private readonly List<string> _fields = [];
    private readonly StringBuilder _quoted = new();
    private bool _inQuotes;
    private int _length;

    public char Separator { get; set; } = ',';
    public IReadOnlyList<string> Fields => _fields;

    public void Clear()
    {
        _fields.Clear();
        _quoted.Clear();
        (_inQuotes, _length) = (false, 0);
    }

    /// <summary>Returns whether the record ends with this line, and what is wrong with the record.</summary>
    public (bool IsComplete, string? Wrong) Add(string line)
    {
        _length += line.Length;
        if (_length > Longest)
        {
            return (true, $"The row is longer than {Longest} characters, or a quote in it is not closed.");
        }

        var rest = line.AsSpan();
        if (_inQuotes)
        {
            _quoted.Append('\n');
            return Quoted(rest);
        }

        return Next(rest);
    }

    /// <summary>Parses fields from the start of a field.</summary>
    private (bool IsComplete, string? Wrong) Next(ReadOnlySpan<char> rest)
    {
        while (true)
        {
            if (AfterBlanks(rest) is ['"', .. var quoted])
            {
                return Quoted(quoted);
            }

            var end = rest.IndexOf(Separator);
            var field = end < 0 ? rest : rest[..end];
            if (field.Contains('"'))
            {
                return (true, $"Field {_fields.Count + 1} has a quote, but does not begin with one.");
            }

            _fields.Add(field.Trim().ToString());
            if (end < 0)
            {
                return (true, null);
            }

            rest = rest[(end + 1)..];
        }
    }

    /// <summary>Parses fields from inside a quoted one.</summary>
    private (bool IsComplete, string? Wrong) Quoted(ReadOnlySpan<char> rest)
    {
        _inQuotes = true;
        while (true)
        {
            var quote = rest.IndexOf('"');
            if (quote < 0)
            {
                _quoted.Append(rest);
                return (false, null);
            }

            _quoted.Append(rest[..quote]);
            rest = rest[(quote + 1)..];
            if (rest is not ['"', ..])
            {
                break;
            }

            _quoted.Append('"');
            rest = rest[1..];
        }

        _fields.Add(_quoted.ToString());
        _quoted.Clear();
        _inQuotes = false;
        return AfterBlanks(rest) switch
        {
            [] => (true, null),
            [var separator, .. var next] when separator == Separator => Next(next),
            _ => (true, $"Field {_fields.Count} continues after its closing quote."),
        };
    }

    /// <summary>A tab is a blank only if it is not the separator.</summary>
    private ReadOnlySpan<char> AfterBlanks(ReadOnlySpan<char> rest) => Separator == '\t' ? rest.TrimStart(' ') : rest.TrimStart(" \t");
}
