namespace FollowUp.Infrastructure.Scheduling.Ics;

/// <summary>One content line of an iCalendar file, unfolded (RFC 5545, section 3.1).</summary>
/// <param name="Parameters">The parameters as written, each with its leading semicolon.</param>
internal sealed partial record IcsLine(int Number, string Name, string Parameters, string Value)
{
    /// <summary>Lines that determine dates. A line without a name after one of them is an error rather than a broken text.</summary>
    private static readonly string[] Structural =
        "BEGIN END UID SEQUENCE STATUS DTSTART DTEND DURATION RRULE EXRULE RDATE EXDATE RECURRENCE-ID".Split(' ');

    public const int MaxLines = 100_000;

    public string? Parameter(string name) =>
        AnyParameter()
            .Matches(Parameters)
            .FirstOrDefault(parameter => parameter.Groups["name"].ValueSpan.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?.Groups["value"]
            .Value.Trim('"');

    // Reads a file's content lines. Many exporters break long texts without the leading blank that folding requires: such a line continues the text
    // property before it, because no date depends on that property.
    public static List<IcsLine> ReadAll(string text)
    {
        var physical = text.TrimStart('\uFEFF').Split('\n');
        if (physical.Length > MaxLines)
        {
            throw new IcsFormatException(MaxLines + 1, $"exceeds the limit of {MaxLines} lines");
        }

        List<IcsLine> lines = [];
        for (var i = 0; i < physical.Length; )
        {
            var number = i + 1;
            var line = new StringBuilder(physical[i++].TrimEnd('\r'));
            while (i < physical.Length && physical[i] is [' ' or '\t', ..])
            {
                line.Append(physical[i++].AsSpan(1).TrimEnd('\r'));
            }

            if (string.IsNullOrWhiteSpace(line.ToString()))
            {
                continue;
            }

            var match = ContentLine().Match(line.ToString());
            if (match.Success)
            {
                lines.Add(
                    new(
                        number,
                        match.Groups["name"].Value.ToUpperInvariant(),
                        match.Groups["parameters"].Value,
                        match.Groups["value"].Value
                    )
                );
            }
            else if (lines.Count == 0)
            {
                throw new IcsFormatException(number, "must be BEGIN:VCALENDAR");
            }
            else if (Structural.Contains(lines[^1].Name))
            {
                throw new IcsFormatException(number, "is not of the form NAME:value");
            }
        }

        return lines;
    }

    [GeneratedRegex(
        @"^(?<name>[A-Za-z0-9-]+)(?<parameters>(;[A-Za-z0-9-]+=(""[^""]*""|[^"";:,]*)(,(""[^""]*""|[^"";:,]*))*)*)\s*:(?<value>.*)$",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex ContentLine();

    [GeneratedRegex(
        @";(?<name>[A-Za-z0-9-]+)=(?<value>""[^""]*""|[^"";:]*)",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex AnyParameter();
}
