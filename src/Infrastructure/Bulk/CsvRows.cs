using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;
using CsvHelper.Configuration;
using FollowUp.Application.Instances;

namespace FollowUp.Infrastructure.Bulk;

/// <summary>Rows of a CSV with a header (RFC 4180). Columns that are none of an enrolment's fields become variables; a dot in their names nests.</summary>
internal static class CsvRows
{
    private const int LongestField = 64 * 1024;

    private static readonly CsvConfiguration Format = new(CultureInfo.InvariantCulture)
    {
        BadDataFound = null,
        DetectColumnCountChanges = false,
        IgnoreBlankLines = true,
        LineBreakInQuotedFieldIsBadData = false,
        MaxFieldSize = 0,
        TrimOptions = TrimOptions.Trim,
    };

    public static async IAsyncEnumerable<BulkRow> Read(Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var text = new StreamReader(body, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        using var csv = new CsvParser(text, Format with { BadDataFound = null });
        var (header, wrong) = await csv.ReadAsync().WaitAsync(cancellationToken) ? Header(csv.Record!) : (null, "The body is empty.");
        if (header is null)
        {
            yield return new BulkRow(1, null, wrong);
            yield break;
        }

        // RawRow is the row's last line; the line after the row before it is its first.
        var line = csv.RawRow + 1;
        while (await csv.ReadAsync().WaitAsync(cancellationToken))
        {
            var first = csv.RawRow - (LinesOf(csv.RawRecord) - 1);
            yield return Row(Math.Max(line, first), csv.Record!, header);
            line = csv.RawRow + 1;
        }
    }

    private static int LinesOf(string record) => Math.Max(1, record.AsSpan().TrimEnd("\r\n").Count('\n') + 1);

    private static (string[]? Header, string? Wrong) Header(string[] names)
    {
        string[] header = [.. names.Select(Known)];
        if (!header.Contains("email"))
        {
            return (null, "The header must name a column email.");
        }

        if (header.Any(string.IsNullOrEmpty))
        {
            return (null, "The header has a column without a name.");
        }

        return header.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? (null, $"The header names the column {twice.Key} twice.")
            : (header, null);
    }

    /// <summary>A column's name as the rows are read by: an enrolment's field whatever its case, else a variable's path.</summary>
    private static string Known(string name)
    {
        string[] fields = ["email", "name", "phone", "timeZone", "offerId", "startAt"];
        return fields.FirstOrDefault(field => string.Equals(field, name, StringComparison.OrdinalIgnoreCase))
            ?? (name.StartsWith("variables.", StringComparison.Ordinal) ? name["variables.".Length..] : name);
    }

    private static BulkRow Row(int line, string[] cells, string[] header)
    {
        if (cells.Length != header.Length)
        {
            return new BulkRow(line, null, $"The row has {cells.Length} fields, but the header names {header.Length}.");
        }

        Dictionary<string, string> fields = [];
        JsonObject? variables = null;
        for (var i = 0; i < cells.Length; i++)
        {
            var cell = cells[i];
            if (cell.Length == 0)
            {
                continue;
            }

            if (cell.Length > LongestField || cell.AsSpan().IndexOfAny('\0', '\uFFFD') >= 0)
            {
                return new BulkRow(line, null, $"The field {header[i]} is too long or is not valid UTF-8 text.");
            }

            if (header[i] is "email" or "name" or "phone" or "timeZone" or "offerId" or "startAt")
            {
                fields[header[i]] = cell;
            }
            else if (!TrySet(variables ??= [], header[i].Split('.'), cell))
            {
                return new BulkRow(line, null, $"The column {header[i]} has the same name as a group of columns.");
            }
        }

        var start = fields.GetValueOrDefault("startAt");
        DateTimeOffset startAt = default;
        if (
            start is not null
            && !(
                (start.EndsWith('Z') || start.LastIndexOfAny(['+', '-']) > start.IndexOf('T', StringComparison.Ordinal))
                && start.Contains('T', StringComparison.Ordinal)
                && DateTimeOffset.TryParse(start, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out startAt)
            )
        )
        {
            return new BulkRow(line, null, "startAt must be an ISO 8601 instant with an offset, such as 2026-01-31T09:30:00Z.");
        }

        return new BulkRow(
            line,
            new EnrolmentInput(
                new RecipientInput(
                    fields.GetValueOrDefault("email"),
                    fields.GetValueOrDefault("name"),
                    fields.GetValueOrDefault("phone"),
                    fields.GetValueOrDefault("timeZone")
                ),
                variables is null ? null : JsonSerializer.SerializeToElement(variables),
                fields.GetValueOrDefault("offerId"),
                start is null ? null : startAt
            ),
            null
        );
    }

    private static bool TrySet(JsonObject variables, string[] path, string value)
    {
        var at = variables;
        foreach (var name in path[..^1])
        {
            if (at[name] is null)
            {
                at[name] = new JsonObject();
            }

            if (at[name] is not JsonObject inner)
            {
                return false;
            }

            at = inner;
        }

        return at.TryAdd(path[^1], JsonValue.Create(value));
    }
}
