namespace FollowUp.Infrastructure.Bulk;

/// <summary>
/// Reads the records of a CSV file one by one. After a record with broken quoting, reading continues with the line after its first one: an unclosed
/// quote costs one row and a bounded lookahead, not the following rows and the memory to hold them.
/// </summary>
internal sealed class CsvReader(IAsyncEnumerable<BodyLine> body) : IAsyncDisposable
{
    public const int MostColumns = 500;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly IAsyncEnumerator<BodyLine> _lines = body.GetAsyncEnumerator();
    private readonly CsvRecord _record = new();
    private readonly BlankLines _blank = new();
    private readonly List<BodyLine> _taken = [];

    /// <summary>The lines that a broken record had consumed, the next one on top.</summary>
    private readonly Stack<BodyLine> _again = [];

    public int Line => _taken[0].Number;
    public IReadOnlyList<string> Fields => _record.Fields;
    public string? Wrong { get; private set; }

    /// <summary>Detects the separator and reads the first record.</summary>
    public async ValueTask<bool> ReadHeader()
    {
        while (await Next() is { } line)
        {
            if (IsBlank(line))
            {
                _blank.Add();
                continue;
            }

            var text = line.Bytes is null ? "" : Encoding.UTF8.GetString(line.Bytes);
            if (CsvSeparator.FromLine(text) is { } separator)
            {
                _record.Separator = separator;
            }
            else
            {
                _record.Separator = CsvSeparator.Of(text);
                _again.Push(line);
            }

            return await Read();
        }

        return false;
    }

    /// <summary>Counts the record as a blank line.</summary>
    public void PassOver() => _blank.Add();

    public async ValueTask<bool> Read()
    {
        _record.Clear();
        _taken.Clear();
        while (await Next() is { } line)
        {
            if (_taken.Count == 0 && IsBlank(line))
            {
                _blank.Add();
                continue;
            }

            _taken.Add(line);
            (var isComplete, Wrong) = Add(line);
            if (isComplete)
            {
                GoBackIfWrong();
                return true;
            }
        }

        Wrong = "A quote in the row is not closed.";
        GoBackIfWrong();
        return _taken.Count > 0;
    }

    public ValueTask DisposeAsync() => _lines.DisposeAsync();

    private async ValueTask<BodyLine?> Next() =>
        _again.TryPop(out var again) ? again
        : await _lines.MoveNextAsync() ? _lines.Current
        : null;

    private static bool IsBlank(BodyLine line) => line.Bytes is { } bytes && bytes.AsSpan().Trim(" \t"u8).IsEmpty;

    private (bool IsComplete, string? Wrong) Add(BodyLine line)
    {
        if (line.Bytes is null)
        {
            return (true, $"The row has a line that is longer than {BodyLines.Longest} bytes.");
        }

        try
        {
            var text = Utf8.GetString(line.Bytes);
            return text.Contains('\0', StringComparison.Ordinal)
                ? (true, "The row must not hold the character U+0000.")
                : _record.Add(text);
        }
        catch (DecoderFallbackException)
        {
            return (true, "The row is not valid UTF-8. Save the list as UTF-8, or send Content-Type: text/csv; charset=windows-1252.");
        }
    }

    private void GoBackIfWrong()
    {
        for (var i = _taken.Count - 1; Wrong is not null && i > 0; i--)
        {
            _again.Push(_taken[i]);
        }
    }
}
