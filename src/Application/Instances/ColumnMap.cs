using System.Globalization;

namespace FollowUp.Application.Instances;

/// <summary>The mapping of CSV columns to fields that a request specifies (<c>?map=</c>).</summary>
public sealed class ColumnMap
{
    /// <summary>The maximum number of columns in a map.</summary>
    public const int Most = 500;

    /// <summary>The value with which a client ignores a column.</summary>
    public const string Ignored = "-";

    /// <summary>The prefix of variables.</summary>
    public const string Variables = "variables.";

    private readonly Dictionary<string, string> _fields;

    private ColumnMap(Dictionary<string, string> fields) => _fields = fields;

    /// <summary>The fields of an enrolment that a column can fill, besides variables.</summary>
    public static IReadOnlyList<string> Fields { get; } =
    ["email", "name", "firstName", "lastName", "phone", "timeZone", "offerId", "startAt"];

    /// <summary>An empty map.</summary>
    public static ColumnMap Empty { get; } = new([]);

    /// <summary>The names of the columns, or their numbers such as <c>#3</c>.</summary>
    public IEnumerable<string> Columns => _fields.Keys;

    /// <summary>Parses a map.</summary>
    /// <param name="texts">
    /// Each is <c>column:field</c>, several of these separated by commas, or a JSON object. A column is its name, in any case, or <c>#3</c>; a field
    /// is one of <see cref="Fields"/>, <c>variables.</c> with a path, or <c>-</c> to ignore the column.
    /// </param>
    /// <returns>The map, or the validation error.</returns>
    public static (ColumnMap? Map, string? Wrong) Read(IEnumerable<string?> texts)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (column, field) in texts.SelectMany(Entries))
        {
            if (column.Length == 0 || field is null)
            {
                return (
                    null,
                    $"must be <column>:<field>, with a field of {string.Join(", ", Fields)}, variables.<name>, or - to ignore the column"
                );
            }

            if (!fields.TryAdd(column, field))
            {
                return (null, $"names the column {column} twice");
            }
        }

        return fields.Count > Most ? (null, $"must name at most {Most} columns") : (new ColumnMap(fields), null);
    }

    /// <summary>The field to which the map assigns a column.</summary>
    /// <param name="number">The number, from 1.</param>
    /// <returns>The field or <see cref="Ignored"/>; null when the map does not name the column.</returns>
    public string? For(string name, int number) =>
        _fields.GetValueOrDefault(string.Create(CultureInfo.InvariantCulture, $"#{number}")) ?? _fields.GetValueOrDefault(name);

    /// <summary>The map as bytes, for the hash of a request.</summary>
    internal byte[] ToBytes() =>
        Encoding.UTF8.GetBytes(
            string.Join('\n', _fields.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => $"{each.Key}\0{each.Value}"))
        );

    private static IEnumerable<(string Column, string? Field)> Entries(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return [];
        }

        if (text.TrimStart() is ['{', ..])
        {
            return FromJson(text);
        }

        // If a column's name contains a comma, the whole text is one entry.
        var parts = text.Split(',').Select(Entry).ToList();
        return parts.TrueForAll(part => part.Field is not null) ? parts : [Entry(text)];
    }

    private static IEnumerable<(string Column, string? Field)> FromJson(string text)
    {
        try
        {
            return [.. JsonSerializer.Deserialize<Dictionary<string, string>>(text)!.Select(each => (each.Key.Trim(), Field(each.Value)))];
        }
        catch (JsonException)
        {
            return [("", null)];
        }
    }

    private static (string Column, string? Field) Entry(string text)
    {
        var colon = text.LastIndexOfAny([':', '=']);
        return colon < 0 ? ("", null) : (text[..colon].Trim(), Field(text[(colon + 1)..]));
    }

    /// <summary>The field in its canonical spelling; null when there is no such field.</summary>
    private static string? Field(string? name)
    {
        var text = name?.Trim() ?? "";
        var bare = text.StartsWith("recipient.", StringComparison.OrdinalIgnoreCase) ? text["recipient.".Length..] : text;
        return text is Ignored or "" or "ignore" ? (text.Length == 0 ? null : Ignored)
            : text.StartsWith(Variables, StringComparison.Ordinal) && text.Length > Variables.Length ? text
            : Fields.FirstOrDefault(field => field.Equals(bare, StringComparison.OrdinalIgnoreCase));
    }
}
