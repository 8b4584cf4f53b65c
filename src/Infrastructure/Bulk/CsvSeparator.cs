namespace FollowUp.Infrastructure.Bulk;

/// <summary>
/// The column separator of a CSV file: a comma, a semicolon or a tab. German Excel writes semicolons and names the separator in a <c>sep=</c> line.
/// </summary>
internal static class CsvSeparator
{
    private static readonly char[] Known = [',', ';', '\t'];

    /// <summary>The separator of a <c>sep=;</c> line; null for any other line.</summary>
    public static char? FromLine(string line)
    {
        var text = line.Trim(' ').Trim('"');
        return text.Length == 5 && text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && Known.Contains(text[4]) ? text[4] : null;
    }

    /// <summary>The separator that yields a column for the mail address, and then the most columns.</summary>
    public static char Of(string header) =>
        Known.MaxBy(separator =>
            Split(header, separator) is var names ? (names.Exists(CsvFields.IsEmail) ? 1_000_000 : 0) + names.Count : 0
        );

    private static List<string> Split(string header, char separator)
    {
        List<string> names = [];
        var (start, inQuotes) = (0, false);
        for (var at = 0; at <= header.Length; at++)
        {
            if (at == header.Length || (header[at] == separator && !inQuotes))
            {
                names.Add(header[start..at]);
                start = at + 1;
            }
            else if (header[at] == '"')
            {
                inQuotes = !inQuotes;
            }
        }

        return names;
    }
}
