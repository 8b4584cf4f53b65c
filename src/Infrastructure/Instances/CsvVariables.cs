using System.Buffers;

namespace FollowUp.Infrastructure.Instances;

/// <summary>The columns of a CSV file that are variables, nested at the dots in their names.</summary>
internal sealed class CsvVariables
{
    /// <summary>The maximum nesting depth of variables, which bounds the recursion here.</summary>
    public const int Deepest = 16;

    private readonly Group _root = new("");

    /// <returns>The reason why the column cannot be added; null when it was added.</returns>
    public string? Add(string name, int column)
    {
        if (name.AsSpan().Count('.') >= Deepest)
        {
            return $"nests more than {Deepest} levels by the dots in its name";
        }

        var path = name.Split('.');
        if (path.Any(string.IsNullOrWhiteSpace))
        {
            // "Nr." and "Tel. (office)" are abbreviations, not paths.
            path = [name];
        }

        var group = _root;
        foreach (var part in path[..^1])
        {
            var member = group.Members.GetValueOrDefault(part) ?? (group.Members[part] = new Group(part));
            if (member is not Group inner)
            {
                return "has the same name as a group of columns";
            }

            group = inner;
        }

        return group.Members.TryAdd(path[^1], new Variable(path[^1], column)) ? null
            : group.Members[path[^1]] is Group ? "has the same name as a group of columns"
            : "is there twice";
    }

    /// <summary>The variables of a row; null when it has none.</summary>
    public JsonElement? Read(IReadOnlyList<string> cells)
    {
        if (!_root.HasValue(cells))
        {
            return null;
        }

        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            _root.WriteMembers(writer, cells);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(json.WrittenSpan);
    }

    private abstract record Member(string Name)
    {
        public abstract bool HasValue(IReadOnlyList<string> cells);

        public abstract void Write(Utf8JsonWriter writer, IReadOnlyList<string> cells);
    }

    /// <summary>Every cell is a string except <c>true</c> and <c>false</c>: the string "false" counts as true in a condition.</summary>
    private sealed record Variable(string Name, int Column) : Member(Name)
    {
        public override bool HasValue(IReadOnlyList<string> cells) => Column < cells.Count && cells[Column].Length > 0;

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> cells)
        {
            if (bool.TryParse(cells[Column], out var boolean))
            {
                writer.WriteBoolean(Name, boolean);
            }
            else
            {
                writer.WriteString(Name, cells[Column]);
            }
        }
    }

    private sealed record Group(string Name) : Member(Name)
    {
        public Dictionary<string, Member> Members { get; } = new(StringComparer.Ordinal);

        public override bool HasValue(IReadOnlyList<string> cells) => Members.Values.Any(member => member.HasValue(cells));

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> cells)
        {
            writer.WriteStartObject(Name);
            WriteMembers(writer, cells);
            writer.WriteEndObject();
        }

        public void WriteMembers(Utf8JsonWriter writer, IReadOnlyList<string> cells)
        {
            foreach (var member in Members.Values)
            {
                if (member.HasValue(cells))
                {
                    member.Write(writer, cells);
                }
            }
        }
    }
}
