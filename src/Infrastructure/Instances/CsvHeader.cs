using System.Globalization;

namespace FollowUp.Infrastructure.Instances;

/// <summary>
/// Maps the columns of a CSV file. A column is a field of an enrolment by the request's map, by the field's own name in any case, or by a synonym;
/// all other columns are variables. Columns without a name are ignored as long as their cells are empty.
/// </summary>
internal sealed class CsvHeader
{
    private const int LongestName = 200;
    private const int MostNamesShown = 10;

    private readonly Dictionary<string, int> _fields = new(StringComparer.Ordinal);
    private readonly CsvVariables _variables = new();
    private readonly IReadOnlyList<string> _names;
    private readonly string?[] _targets;

    private readonly HashSet<int> _ignored = [];

    /// <summary>Whether each column marks recipients who do not want mails.</summary>
    private readonly bool[] _optOuts;

    private CsvHeader(IReadOnlyList<string> names)
    {
        _names = names;
        _targets = new string?[names.Count];
        _optOuts = [.. names.Select(CsvFields.IsOptOut)];
    }

    /// <summary>How the columns are interpreted.</summary>
    public IReadOnlyList<BulkColumn> Columns { get; private set; } = [];

    /// <summary>Reads the header.</summary>
    /// <returns>The header, or the reason why it cannot be used.</returns>
    public static (CsvHeader? Header, string? Wrong) Read(IReadOnlyList<string> names, ColumnMap map)
    {
        var header = new CsvHeader([.. names.Select(name => name.Trim())]);
        var wrong = header.Limits() ?? header.PlaceFields(map) ?? header.Email() ?? header.PlaceVariables();
        if (wrong is not null)
        {
            return (null, wrong);
        }

        header.Columns = [.. header._names.Select((name, column) => new BulkColumn(name, header._targets[column]))];
        return (header, null);
    }

    /// <summary>Reads a row. Empty cells, and cells missing at the end, count as absent.</summary>
    public BulkRow<EnrolmentInput> Row(int line, IReadOnlyList<string> cells)
    {
        if (Surplus(cells) is { } surplus)
        {
            return new BulkRow<EnrolmentInput>(line, null, surplus) { Columns = Columns };
        }

        DateTimeOffset startAt = default;
        var start = Cell("startAt")?.Trim();
        if (start is not null && !IsoInstant.TryRead(start, out startAt))
        {
            return new BulkRow<EnrolmentInput>(line, null, $"startAt {IsoInstant.Rule} (column {Shown(_fields["startAt"])}).")
            {
                Columns = Columns,
            };
        }

        var recipient = new RecipientInput(Cell("email"), Cell("name"), Cell("phone"), Cell("timeZone"))
        {
            FirstName = Cell("firstName"),
            LastName = Cell("lastName"),
        };
        return new BulkRow<EnrolmentInput>(
            line,
            new EnrolmentInput(recipient, _variables.Read(cells), Cell("offerId"), start is null ? null : startAt),
            null
        )
        {
            Columns = Columns,
            OptOut = OptOut(cells),
        };

        string? Cell(string field) =>
            _fields.TryGetValue(field, out var column) && column < cells.Count && cells[column] is { Length: > 0 } cell ? cell : null;
    }

    /// <summary>The column that says that this recipient does not want mails; null if none does.</summary>
    private string? OptOut(IReadOnlyList<string> cells)
    {
        for (var column = 0; column < Math.Min(cells.Count, _names.Count); column++)
        {
            if (!_ignored.Contains(column) && CsvFields.SaysNoMails(cells[column], _optOuts[column]))
            {
                return Shown(column);
            }
        }

        return null;
    }

    private string? Limits() =>
        _names.Count > CsvReader.MostColumns ? $"The header names {_names.Count} columns; a CSV may have at most {CsvReader.MostColumns}."
        : Enumerable.Range(0, _names.Count).FirstOrDefault(column => _names[column].Length > LongestName, -1) is >= 0 and var longest
            ? $"The name of column {longest + 1} has more than {LongestName} characters."
        : null;

    /// <summary>
    /// Places the map first, then the fields' own names, then synonyms: the preferred synonym of each field that has no column yet.
    /// </summary>
    private string? PlaceFields(ColumnMap map)
    {
        if (PlaceMapped(map) is { } wrong)
        {
            return wrong;
        }

        var mapped = _fields.Keys.ToHashSet(StringComparer.Ordinal);
        foreach (var column in Free())
        {
            var own = ColumnMap.Fields.FirstOrDefault(field => field.Equals(_names[column], StringComparison.OrdinalIgnoreCase));
            if (own is null || mapped.Contains(own))
            {
                continue;
            }

            if (!_fields.TryAdd(own, column))
            {
                return $"The header names the column {own} twice. {MapAdvice(column)}";
            }

            _targets[column] = FieldName(own);
        }

        var synonyms = Free()
            .Select(column => (Column: column, Found: CsvFields.Find(_names[column])))
            .Where(each => each.Found is not null)
            .OrderBy(each => each.Found!.Value.Rank);
        foreach (var (column, found) in synonyms.ToList())
        {
            if (_fields.TryAdd(found!.Value.Field, column))
            {
                _targets[column] = FieldName(found.Value.Field);
            }
        }

        return null;
    }

    private string? PlaceMapped(ColumnMap map)
    {
        var unknown = map.Columns.FirstOrDefault(name =>
            !_names.Where((column, at) => column.Equals(name, StringComparison.OrdinalIgnoreCase) || name == $"#{at + 1}").Any()
        );
        if (unknown is not null)
        {
            return $"The map names the column {unknown}, which the header does not have. It has: {ShownNames()}.";
        }

        for (var column = 0; column < _names.Count; column++)
        {
            switch (map.For(_names[column], column + 1))
            {
                case null:
                    break;
                case ColumnMap.Ignored:
                    _ignored.Add(column);
                    break;
                case var field when IsVariable(field) || _fields.TryAdd(field, column):
                    _targets[column] = FieldName(field);
                    break;
                case var field:
                    return $"The map gives two columns to the field {field}.";
            }
        }

        return null;
    }

    private IEnumerable<int> Free() =>
        Enumerable
            .Range(0, _names.Count)
            .Where(column => _targets[column] is null && !_ignored.Contains(column) && _names[column].Length > 0);

    private string? PlaceVariables()
    {
        var variables = Enumerable
            .Range(0, _names.Count)
            .Where(column => _targets[column] is { } target && IsVariable(target))
            .Concat(Free());
        foreach (var column in variables.Order().ToList())
        {
            var name = _targets[column] ?? _names[column];
            name = IsVariable(name) ? name[ColumnMap.Variables.Length..] : name;
            if (_variables.Add(name, column) is { } wrong)
            {
                return $"The header's column {Shown(column)} {wrong}. {MapAdvice(column)}";
            }

            _targets[column] = $"{ColumnMap.Variables}{name}";
        }

        return null;
    }

    private string? Email()
    {
        if (_fields.ContainsKey(CsvFields.Email))
        {
            return null;
        }

        return _names.FirstOrDefault(name => name.Contains('@', StringComparison.Ordinal)) is { } address
            ? $"The first line must be a header that names a column email, not a row: it holds {OneLine(address)}."
            : "The header must name a column email; commas, semicolons or tabs separate columns. "
                + $"It has: {ShownNames()}. Rename the column, or say which one it is with ?map=<column>:email.";
    }

    private string? Surplus(IReadOnlyList<string> cells)
    {
        for (var column = 0; column < cells.Count; column++)
        {
            if (cells[column].Length == 0)
            {
                continue;
            }

            if (column >= _names.Count)
            {
                return $"The row has {cells.Count} fields, but the header names {_names.Count}: put cells that hold the separator into double quotes.";
            }

            if (_names[column].Length == 0 && _targets[column] is null && !_ignored.Contains(column))
            {
                return $"Column {column + 1} has the value {OneLine(cells[column])}, but no name in the header: name it, or ignore it with ?map=%23{column + 1}:-.";
            }
        }

        return null;
    }

    private static string MapAdvice(int column) =>
        string.Create(CultureInfo.InvariantCulture, $"Rename it, or say what it is with ?map=%23{column + 1}:<field>.");

    private string Shown(int column) => _names[column].Length == 0 ? $"{column + 1}" : _names[column];

    private string ShownNames() =>
        string.Join(", ", _names.Where(name => name.Length > 0).Take(MostNamesShown).Select(OneLine))
        + (_names.Count > MostNamesShown ? ", …" : "");

    private static string FieldName(string field) => IsVariable(field) || field is "offerId" or "startAt" ? field : $"recipient.{field}";

    private static bool IsVariable(string field) => field.StartsWith(ColumnMap.Variables, StringComparison.Ordinal);

    private static string OneLine(string text) => FollowUp.Infrastructure.SingleLine.Of(text, 40);
}
