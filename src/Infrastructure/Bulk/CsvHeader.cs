using System.Buffers;
using System.Text.Json;
using FollowUp.Application;
using FollowUp.Application.Instances;

namespace FollowUp.Infrastructure.Bulk;

/// <summary>What the columns of a CSV are: an enrolment's fields, whatever their case, and variables, nested at the dots in their names.</summary>
internal sealed class CsvHeader
{
    private const string Prefix = "variables.";

    private static readonly string[] Known = ["email", "name", "phone", "timeZone", "offerId", "startAt"];

    /// <summary>Where each of <see cref="Known"/> stands; −1 when there is no such column.</summary>
    private readonly int[] _columns = [-1, -1, -1, -1, -1, -1];
    private readonly Group _variables = new("");
    private readonly int _count;

    private CsvHeader(int count) => _count = count;

    /// <summary>Reads the header.</summary>
    /// <returns>The header, or why it cannot be used.</returns>
    public static (CsvHeader? Header, string? Wrong) Read(IReadOnlyList<string> names)
    {
        var header = new CsvHeader(names.Count);
        for (var column = 0; column < names.Count; column++)
        {
            if (header.Place(names[column], column) is { } wrong)
            {
                return (null, wrong);
            }
        }

        return header._columns[0] < 0 ? (null, "The header must name a column email; commas separate columns.") : (header, null);
    }

    /// <summary>Reads a row. Empty cells are absent.</summary>
    public BulkRow Row(int line, IReadOnlyList<string> cells)
    {
        if (cells.Count != _count)
        {
            return new BulkRow(line, null, $"The row has {cells.Count} fields, but the header names {_count}.");
        }

        DateTimeOffset startAt = default;
        if (Cell(5) is { } start && !IsoInstant.TryRead(start, out startAt))
        {
            return new BulkRow(line, null, $"startAt {IsoInstant.Rule}.");
        }

        return new BulkRow(
            line,
            new EnrolmentInput(
                new RecipientInput(Cell(0), Cell(1), Cell(2), Cell(3)),
                Variables(cells),
                Cell(4),
                Cell(5) is null ? null : startAt
            ),
            null
        );

        string? Cell(int field) => _columns[field] is >= 0 and var column && cells[column] is { Length: > 0 } cell ? cell : null;
    }

    private string? Place(string name, int column)
    {
        var field = Array.FindIndex(Known, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (field >= 0)
        {
            var twice = _columns[field] >= 0;
            _columns[field] = column;
            return twice ? $"The header names the column {Known[field]} twice." : null;
        }

        var path = (name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name).Split('.');
        if (path.Any(string.IsNullOrWhiteSpace))
        {
            return name.Length == 0 ? $"Column {column + 1} of the header has no name." : $"The header has a gap in the name {name}.";
        }

        var group = _variables;
        foreach (var part in path[..^1])
        {
            if (group.Find(part) is not { } member)
            {
                group.Members.Add(member = new Group(part));
            }

            if (member is not Group inner)
            {
                return $"The header's column {name} has the same name as a group of columns.";
            }

            group = inner;
        }

        if (group.Find(path[^1]) is { } taken)
        {
            return taken is Group
                ? $"The header's column {name} has the same name as a group of columns."
                : $"The header names the column {name} twice.";
        }

        group.Members.Add(new Variable(path[^1], column));
        return null;
    }

    private JsonElement? Variables(IReadOnlyList<string> cells)
    {
        if (!_variables.HasValue(cells))
        {
            return null;
        }

        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            _variables.WriteMembers(writer, cells);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(json.WrittenSpan);
    }

    /// <summary>A variable, or a group of them.</summary>
    private abstract record Member(string Name)
    {
        public abstract bool HasValue(IReadOnlyList<string> cells);

        public abstract void Write(Utf8JsonWriter writer, IReadOnlyList<string> cells);
    }

    private sealed record Variable(string Name, int Column) : Member(Name)
    {
        public override bool HasValue(IReadOnlyList<string> cells) => cells[Column].Length > 0;

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> cells) => writer.WriteString(Name, cells[Column]);
    }

    private sealed record Group(string Name) : Member(Name)
    {
        public List<Member> Members { get; } = [];

        public Member? Find(string name) => Members.Find(member => member.Name == name);

        public override bool HasValue(IReadOnlyList<string> cells) => Members.Exists(member => member.HasValue(cells));

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> cells)
        {
            writer.WriteStartObject(Name);
            WriteMembers(writer, cells);
            writer.WriteEndObject();
        }

        public void WriteMembers(Utf8JsonWriter writer, IReadOnlyList<string> cells)
        {
            foreach (var member in Members)
            {
                if (member.HasValue(cells))
                {
                    member.Write(writer, cells);
                }
            }
        }
    }
}
