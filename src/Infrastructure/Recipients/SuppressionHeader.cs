namespace FollowUp.Infrastructure.Recipients;

/// <summary>
/// The columns of a list of addresses: <c>address</c> or a mail column with any common name, <c>phone</c>, <c>channel</c>, <c>reason</c>. Other
/// columns are ignored, so that an export of another tool can be used unchanged.
/// </summary>
internal sealed class SuppressionHeader
{
    private readonly int _address;
    private readonly int _email;
    private readonly int _phone;
    private readonly int _channel;
    private readonly int _reason;

    public SuppressionHeader(IReadOnlyList<string> names)
    {
        string[] trimmed = [.. names.Select(name => name.Trim())];
        _address = Named("address");
        _channel = Named("channel");
        _reason = Named("reason");
        _email = Array.FindIndex(trimmed, CsvFields.IsEmail);
        _phone = Array.FindIndex(trimmed, name => Is(name, "phone") || CsvFields.Find(name)?.Field == "phone");
        Wrong =
            names.Count > CsvReader.MostColumns ? $"The header names {names.Count} columns; a CSV may have at most {CsvReader.MostColumns}."
            : _address < 0 && _email < 0 && _phone < 0
                ? "The header must name a column address, email or phone; commas, semicolons or tabs separate columns."
            : null;

        int Named(string field) => Array.FindIndex(trimmed, name => Is(name, field));

        static bool Is(string name, string field) => name.Equals(field, StringComparison.OrdinalIgnoreCase);
    }

    public string? Wrong { get; }

    /// <summary>Reads a row: from the address column first, then the mail column, then the phone column.</summary>
    public SuppressionInput Read(IReadOnlyList<string> cells)
    {
        var address = Cell(_address);
        var email = address is null ? Cell(_email) : null;
        return new SuppressionInput
        {
            Channel = Cell(_channel),
            Address = address,
            Email = email,
            Phone = address is null && email is null ? Cell(_phone) : null,
            Reason = Cell(_reason),
        };

        // Exports of this program put an apostrophe before a number, because a spreadsheet would otherwise read it as a formula.
        string? Cell(int column) =>
            column >= 0 && column < cells.Count && !string.IsNullOrWhiteSpace(cells[column])
                ? FormulaCell.Read(cells[column].Trim())
                : null;
    }
}
